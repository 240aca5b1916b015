-- One row per day, pair of currencies and kind of rate.
-- One unit of the base is worth `rate` units of the quote.
--
-- key: rate_on, base_currency, quote_currency, rate_kind
select
    rate_on,
    upper(base_currency) as base_currency,
    upper(quote_currency) as quote_currency,
    rate,
    rate_kind
from landing.fx_rates
