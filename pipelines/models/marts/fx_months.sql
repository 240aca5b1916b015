-- One row per month and billed currency: what one unit was worth at the month's end.
-- In the reporting currency, by the newest month-end rate up to then, else the newest
-- spot rate; null where neither is known. The opposite pair is turned round.
--
-- key: month_on, currency
with currencies as (
    select distinct currency from marts.subscription_states
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
        finance_months.month_on,
        rates.currency,
        rates.rate,
        row_number() over (
            partition by finance_months.month_on, rates.currency
            order by
                case rates.rate_kind when 'month_end' then 0 else 1 end asc,
                rates.rate_on desc,
                rates.is_turned asc
        ) as place
    from marts.finance_months
    inner join rates on finance_months.next_month_on > rates.rate_on
    where rates.rate_kind in ('month_end', 'spot')
)

select
    finance_months.month_on,
    currencies.currency,
    case when currencies.currency = $currency then 1.0 else ranked.rate end as rate
from marts.finance_months
cross join currencies
left join ranked
    on
        finance_months.month_on = ranked.month_on
        and currencies.currency = ranked.currency
        and ranked.place = 1
