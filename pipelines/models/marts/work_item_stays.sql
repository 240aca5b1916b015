-- One row per stay of a work item in a status, with the state it counts as.
-- A stay begins with a status change or with creation. Changes that an administrator's
-- move to another workflow made are no changes of the work and left out. Of an item
-- without any history only two things are known: it existed from its creation, and when
-- it was done; it counts as started at creation, and is_from_creation says so.
--
-- What an administrator's move changed shows at the next change of the work: one
-- between two states begins a run of its own, whatever state was carried until then.
--
-- flow_code is the state in the flow of work: off the board only done and cancelled
-- count. A status without a known state continues the state before it. run_no counts
-- unbroken stretches of one flow_code.
--
-- key: work_item_key, stay_no
with

items as (

    select
        work_item_key,
        status_id,
        state_code,
        is_cancelled_in_done,
        created_at,
        done_at
    from marts.work_items
    where is_counted

),

changes as (

    select
        work_item_key,
        changed_at,
        change_no,
        from_value,
        to_value,
        row_number() over (
            partition by work_item_key
            order by changed_at, change_no
        ) as rank_no
    from marts.work_item_changes
    where
        field_code = 'status'
        and not is_migration

),

-- What the item was created with, where no row tells it.
initial_entries as (

    select
        items.work_item_key,
        items.created_at as entered_at,
        changes.from_value as status_id
    from items
    inner join changes
        on
            items.work_item_key = changes.work_item_key
            and changes.rank_no = 1
    where
        changes.from_value is not null
        and changes.changed_at > items.created_at

),

without_history as (

    select
        items.work_item_key,
        items.status_id,
        items.state_code,
        items.created_at,
        items.done_at
    from items
    left join changes
        on
            items.work_item_key = changes.work_item_key
            and changes.rank_no = 1
    where changes.work_item_key is null

),

last_states as (

    select
        changes.work_item_key,
        changes.changed_at,
        statuses.state_code,
        row_number() over (
            partition by changes.work_item_key
            order by changes.rank_no desc
        ) as rank_no
    from changes
    left join marts.statuses as statuses
        on changes.to_value = statuses.status_id

),

-- The end of a finished item that its history does not show: nothing but creation is
-- known, or the status it ended in has no known state.
missing_ends as (

    select
        items.work_item_key,
        items.status_id,
        items.state_code,
        case
            when last_states.state_code is null
                then coalesce(items.done_at, last_states.changed_at)
            else greatest(
                    coalesce(items.done_at, last_states.changed_at),
                    last_states.changed_at
                )
        end as entered_at
    from items
    left join last_states
        on
            items.work_item_key = last_states.work_item_key
            and last_states.rank_no = 1
    where
        items.state_code in ('done', 'cancelled')
        and coalesce(last_states.state_code, 'unknown') not in ('done', 'cancelled')
        and coalesce(items.done_at, last_states.changed_at) is not null

),

entries as (

    select
        work_item_key,
        entered_at,
        0 as order_no,
        status_id,
        cast(null as varchar) as earlier_status_id,
        cast(null as varchar) as assumed_code,
        false as is_from_creation
    from initial_entries
    union all
    select
        changes.work_item_key,
        changes.changed_at as entered_at,
        changes.rank_no as order_no,
        changes.to_value as status_id,
        changes.from_value as earlier_status_id,
        cast(null as varchar) as assumed_code,
        false as is_from_creation
    from changes
    inner join items
        on changes.work_item_key = items.work_item_key
    union all
    select
        work_item_key,
        created_at as entered_at,
        0 as order_no,
        case when state_code in ('todo', 'doing') then status_id end as status_id,
        cast(null as varchar) as earlier_status_id,
        case
            when state_code = 'cancelled' then 'todo'
            when state_code = 'done' and done_at is null then 'todo'
            when state_code = 'done' then 'doing'
        end as assumed_code,
        state_code in ('doing', 'done') as is_from_creation
    from without_history
    union all
    select
        work_item_key,
        entered_at,
        1000000 as order_no,
        status_id,
        cast(null as varchar) as earlier_status_id,
        state_code as assumed_code,
        false as is_from_creation
    from missing_ends

),

with_state as (

    select
        entries.work_item_key,
        entries.entered_at,
        entries.order_no,
        entries.status_id,
        entries.is_from_creation,
        coalesce(statuses.is_active_stage, true) as is_active_stage,
        coalesce(statuses.is_on_board, true) as is_on_board,
        statuses.column_no,
        earlier_statuses.state_code <> statuses.state_code as is_real_move,
        coalesce(entries.assumed_code, statuses.state_code) as known_code
    from entries
    inner join items
        on entries.work_item_key = items.work_item_key
    left join marts.statuses as statuses
        on entries.status_id = statuses.status_id
    left join marts.statuses as earlier_statuses
        on entries.earlier_status_id = earlier_statuses.status_id

),

numbered as (

    select
        work_item_key,
        entered_at,
        status_id,
        is_from_creation,
        is_active_stage,
        is_on_board,
        column_no,
        is_real_move,
        known_code,
        row_number() over (
            partition by work_item_key
            order by entered_at, order_no
        ) as stay_no,
        lead(entered_at) over (
            partition by work_item_key
            order by entered_at, order_no
        ) as left_at,
        count(known_code) over (
            partition by work_item_key
            order by entered_at, order_no
            rows between unbounded preceding and current row
        ) as known_no
    from with_state

),

carried as (

    select
        work_item_key,
        stay_no,
        entered_at,
        left_at,
        status_id,
        is_from_creation,
        is_active_stage,
        is_on_board,
        column_no,
        is_real_move,
        coalesce(
            max(known_code) over (
                partition by work_item_key, known_no
            ),
            'todo'
        ) as state_code
    from numbered

),

flowing as (

    select
        work_item_key,
        stay_no,
        entered_at,
        left_at,
        status_id,
        is_from_creation,
        is_active_stage,
        is_on_board,
        column_no,
        is_real_move,
        state_code,
        case
            when state_code = 'doing' and not is_on_board then 'todo'
            else state_code
        end as flow_code
    from carried

),

compared as (

    select
        work_item_key,
        stay_no,
        entered_at,
        left_at,
        status_id,
        is_from_creation,
        is_active_stage,
        is_on_board,
        column_no,
        is_real_move,
        state_code,
        flow_code,
        lag(flow_code) over (
            partition by work_item_key
            order by stay_no
        ) as earlier_code
    from flowing

),

numbered_runs as (

    select
        work_item_key,
        stay_no,
        entered_at,
        left_at,
        status_id,
        is_from_creation,
        is_active_stage,
        is_on_board,
        column_no,
        state_code,
        flow_code,
        count(
            case
                when
                    earlier_code = flow_code
                    and not coalesce(is_real_move, false)
                    then null
                else 1
            end
        ) over (
            partition by work_item_key
            order by stay_no
            rows between unbounded preceding and current row
        ) as run_no
    from compared

),

last_runs as (

    select
        numbered_runs.work_item_key,
        max(numbered_runs.run_no) as run_no
    from numbered_runs
    inner join items
        on numbered_runs.work_item_key = items.work_item_key
    where items.is_cancelled_in_done
    group by 1

)

-- The resolution that cancels an item speaks of its last stay in done.
select
    numbered_runs.work_item_key,
    numbered_runs.stay_no,
    numbered_runs.entered_at,
    numbered_runs.left_at,
    numbered_runs.status_id,
    numbered_runs.is_from_creation,
    numbered_runs.is_active_stage,
    numbered_runs.is_on_board,
    stages.stage_no,
    case
        when last_runs.run_no is not null and numbered_runs.state_code = 'done'
            then 'cancelled'
        else numbered_runs.state_code
    end as state_code,
    case
        when last_runs.run_no is not null and numbered_runs.flow_code = 'done'
            then 'cancelled'
        else numbered_runs.flow_code
    end as flow_code,
    numbered_runs.run_no
from numbered_runs
left join last_runs
    on
        numbered_runs.work_item_key = last_runs.work_item_key
        and numbered_runs.run_no = last_runs.run_no
left join marts.stages as stages
    on numbered_runs.column_no = stages.column_no
