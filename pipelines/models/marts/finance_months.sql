-- One row per month of the subscription books, from the oldest row to the watermark.
-- Internal and test accounts count here: they show that the source covered the month.
-- A latest state tells when its subscription began, long before it was exported, so the
-- months are counted back from the newest one and not taken from the calendar of rows.
-- At most a thousand: a start before that is a damaged date.
--
-- key: month_on
with digits as (
    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit
),

moments as (
    select started_at as moment_at
    from staging.subscriptions
    union all
    select changed_at as moment_at
    from staging.subscription_changes
    union all
    select as_of_at as moment_at
    from staging.subscriptions
    union all
    select through_at as moment_at
    from control.coverage
    where table_name = 'subscriptions'
),

reach as (
    select
        min(cast(moment_at at time zone $timezone as date)) as first_on,
        max(cast(moment_at at time zone $timezone as date)) as last_on
    from moments
),

month_numbers as (
    select
        extract(year from reach.last_on) * 12 + extract(month from reach.last_on) - 1
        - hundreds.digit * 100 - tens.digit * 10 - ones.digit as month_no,
        extract(year from reach.first_on) * 12 + extract(month from reach.first_on) - 1
            as first_no
    from reach
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones
)

select
    make_date(
        cast(floor(month_no / 12) as integer), cast(month_no % 12 + 1 as integer), 1
    ) as month_on,
    make_date(
        cast(floor((month_no + 1) / 12) as integer),
        cast((month_no + 1) % 12 + 1 as integer),
        1
    ) as next_month_on
from month_numbers
where month_no >= first_no
