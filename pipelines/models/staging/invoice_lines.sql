-- One row per line of an invoice.
--
-- key: source_id, invoice_id, line_id
select
    source_id,
    invoice_id,
    line_id,
    subscription_id,
    plan_id,
    line_kind,
    service_from_at,
    service_to_at,
    quantity,
    amount_minor,
    discount_minor,
    tax_minor,
    upper(currency) as currency
from landing.invoice_lines
