-- One row per day and currency in which money moved: the rate of the day.
-- What one minor unit was worth, in minor units of the reporting currency, by the
-- newest spot rate up to that day, else the newest month-end rate; null where neither
-- is known.
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

-- Rates are per major unit; amounts are in minor units, of which a yen has none.
scaled as (
    select
        currency,
        rate_on,
        rate_kind,
        rate * $minor_scale as rate,
        is_turned
    from rates
),

ranked as (
    select
        paid.day_on,
        paid.currency,
        scaled.rate,
        row_number() over (
            partition by paid.day_on, paid.currency
            order by
                case scaled.rate_kind when 'spot' then 0 else 1 end asc,
                scaled.rate_on desc,
                scaled.is_turned asc
        ) as place
    from paid
    left join scaled
        on
            paid.currency = scaled.currency
            and paid.day_on >= scaled.rate_on
            and scaled.rate_kind in ('month_end', 'spot')
)

select
    day_on,
    currency,
    rate
from ranked
where place = 1
