-- One row per status of a work item, with its state and its place on the board.
-- State: what launchloop.toml answers by name, else what the list of statuses says,
-- else what the items in it say. A status that no list puts off the board is on it.
--
-- key: status_id
with

listed as (

    select
        status_id,
        status_name,
        state_code,
        stage_no,
        is_active_stage,
        coalesce(is_on_board, true) as is_on_board
    from staging.workflow_statuses

),

answers as (

    select
        status_name,
        state_code
    from settings.status_states

),

states_of_items as (

    select
        status_id,
        status_name,
        case when state_code = 'cancelled' then 'done' else state_code end
            as state_code,
        count(*) as item_count
    from staging.work_items
    group by 1, 2, 3

),

-- A status that holds finished items beside cancelled ones is done: a resolution
-- cancels.
ranked as (

    select
        status_id,
        status_name,
        state_code,
        row_number() over (
            partition by status_id
            order by
                case when state_code = 'cancelled' then 1 else 0 end asc,
                item_count desc,
                state_code asc,
                status_name asc
        ) as rank_no
    from states_of_items

),

unlisted as (

    select
        ranked.status_id,
        ranked.status_name,
        ranked.state_code
    from ranked
    left join listed
        on ranked.status_id = listed.status_id
    where
        ranked.rank_no = 1
        and listed.status_id is null

),

known as (

    select
        status_id,
        status_name,
        state_code,
        stage_no,
        is_active_stage,
        is_on_board
    from listed
    union all
    select
        status_id,
        status_name,
        state_code,
        cast(null as bigint) as stage_no,
        state_code = 'doing' as is_active_stage,
        true as is_on_board
    from unlisted

),

staged as (

    select count(*) as stage_count
    from listed
    where
        is_on_board
        and stage_no is not null

)

select
    known.status_id,
    known.status_name,
    coalesce(answers.state_code, known.state_code) as state_code,
    -- Without any column order the states are the stages.
    case
        when not known.is_on_board then null
        when staged.stage_count > 0 then known.stage_no
        when coalesce(answers.state_code, known.state_code) = 'todo' then 1
        when coalesce(answers.state_code, known.state_code) = 'doing' then 2
        when coalesce(answers.state_code, known.state_code) = 'done' then 3
    end as column_no,
    staged.stage_count > 0 as has_columns,
    known.is_active_stage,
    known.is_on_board
from known
cross join staged
left join answers
    on known.status_name = answers.status_name
