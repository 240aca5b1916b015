-- One row per funnel, way of counting and attempt: how many steps it reached in its
-- window. loose: other events may lie between; strict: none; previous_step: the window
-- runs from step to step; any_order: any step opens an attempt, and distinct steps
-- count.
--
-- key: funnel_id, counting, person_key, attempt_no
-- kept: by person (person_key)
with recursive

days as (

    select
        actor_key,
        day_on,
        sum(event_count) as event_count
    from activity.actor_days
    group by actor_key, day_on

),

counted as (

    select
        actor_key,
        day_on,
        sum(event_count) over (
            partition by actor_key
            order by day_on
            rows between unbounded preceding and current row
        ) - event_count as events_before
    from days

),

steps as (

    select
        funnels.funnel_id,
        funnels.window_s,
        person_roles.person_key,
        person_roles.position,
        person_roles.occurred_at,
        person_roles.day_on,
        person_roles.segment_key,
        -- the place among all events of the same id, and of all ids of the person
        counted.events_before + person_roles.day_place as actor_place,
        merged_events.person_place,
        -- one event may be several steps: it has one place
        dense_rank() over (
            partition by funnels.funnel_id, person_roles.person_key
            order by
                person_roles.occurred_at,
                person_roles.record_no,
                person_roles.import_id,
                person_roles.row_no
        ) as place
    from activity.person_roles
    inner join settings.funnels
        on person_roles.thing_id = funnels.funnel_id
    inner join counted
        on
            person_roles.actor_key = counted.actor_key
            and person_roles.day_on = counted.day_on
    left join activity.merged_events
        on
            person_roles.import_id = merged_events.import_id
            and person_roles.record_no = merged_events.record_no
            and person_roles.row_no = merged_events.row_no
    where person_roles.role_kind = 'funnel_step'

),

-- of an event that is several steps the last one comes first: no step follows itself
followed as (

    select
        funnel_id,
        window_s,
        person_key,
        position,
        occurred_at,
        day_on,
        segment_key,
        actor_place,
        person_place,
        place,
        $next_place as next_place,
        $steps_in_window as steps_in_window,
        lag(place) over each_step as place_before
    from steps
    window
        each_step as (
            partition by funnel_id, person_key
            order by place asc, position desc
        ),
        onward as (
            partition by funnel_id, person_key
            order by place asc, position desc
            rows between current row and unbounded following
        ),
        after as (
            partition by funnel_id, person_key
            order by place asc, position desc
            rows between 1 following and unbounded following
        )

),

hops as (

    select
        followed.funnel_id,
        followed.person_key,
        followed.position,
        followed.place,
        followed.next_place,
        steps.occurred_at as next_at,
        followed.window_s * 1000000 as window_us,
        case
            when followed.person_place is not null
                then steps.person_place = followed.person_place + 1
            else steps.actor_place = followed.actor_place + 1
        end as is_next_event
    from followed
    inner join steps
        on
            followed.funnel_id = steps.funnel_id
            and followed.person_key = steps.person_key
            and followed.position + 1 = steps.position
            and followed.next_place = steps.place
    where
        date_diff('microsecond', followed.occurred_at, steps.occurred_at)
        <= followed.window_s * 1000000

),

chains as (

    select
        followed.funnel_id,
        countings.counting,
        followed.person_key,
        followed.place as attempt_no,
        followed.occurred_at as started_at,
        followed.day_on as started_on,
        followed.segment_key,
        followed.position,
        followed.place
    from followed
    cross join settings.funnel_countings as countings
    where followed.position = 1
    union all
    select
        chains.funnel_id,
        chains.counting,
        chains.person_key,
        chains.attempt_no,
        chains.started_at,
        chains.started_on,
        chains.segment_key,
        chains.position + 1 as position,
        hops.next_place as place
    from chains
    inner join hops
        on
            chains.funnel_id = hops.funnel_id
            and chains.person_key = hops.person_key
            and chains.position = hops.position
            and chains.place = hops.place
    where
        (
            chains.counting = 'previous_step'
            or date_diff('microsecond', chains.started_at, hops.next_at)
            <= hops.window_us
        )
        and (chains.counting <> 'strict' or hops.is_next_event)

)

select
    funnel_id,
    counting,
    person_key,
    attempt_no,
    started_at,
    started_on,
    segment_key,
    max(position) as reached
from chains
group by
    funnel_id, counting, person_key, attempt_no, started_at, started_on, segment_key
union all
select
    funnel_id,
    'any_order' as counting,
    person_key,
    place as attempt_no,
    occurred_at as started_at,
    day_on as started_on,
    segment_key,
    steps_in_window as reached
from followed
where place_before is null or place_before < place
