-- One row per day and currency in which money moved: the rate of the day.
-- What one unit was worth in the reporting currency by the newest spot rate up to that
-- day, else the newest month-end rate; null where neither is known.
--
-- key: day_on, currency
with paid as (
    select distinct
        happened_on as day_on,
        currency
    from staging.payments
    where currency <> $currency
),

rates as (
    select
        base_currency as currency,
        rate_on,
        rate_kind,
        cast(rate as double) as rate,
        0 as is_turned
    from staging.fx_rates
    where quote_currency = $currency
    union all
    select
        quote_currency as currency,
        rate_on,
        rate_kind,
        1 / cast(rate as double) as rate,
        1 as is_turned
    from staging.fx_rates
    where base_currency = $currency and rate > 0
),

ranked as (
    select
        paid.day_on,
        paid.currency,
        rates.rate,
        row_number() over (
            partition by paid.day_on, paid.currency
            order by
                case rates.rate_kind when 'spot' then 0 else 1 end asc,
                rates.rate_on desc,
                rates.is_turned asc
        ) as place
    from paid
    left join rates
        on
            paid.currency = rates.currency
            and paid.day_on >= rates.rate_on
            and rates.rate_kind in ('month_end', 'spot')
)

select
    day_on,
    currency,
    rate
from ranked
where place = 1
