-- One row per stage of the board, left to right from 1.
-- Several statuses in one column are one stage and share its name.
--
-- key: stage_no
with

columns_of_board as (

    select
        column_no,
        has_columns,
        min(status_name) as first_name,
        max(status_name) as last_name,
        min(state_code) as state_code
    from marts.statuses
    where column_no is not null
    group by 1, 2

)

select
    row_number() over (
        order by column_no
    ) as stage_no,
    column_no,
    case
        when not has_columns and column_no = 1 then 'To do'
        when not has_columns and column_no = 2 then 'In progress'
        when not has_columns then 'Done'
        when first_name = last_name then first_name
        else first_name || ' / ' || last_name
    end as stage_name,
    state_code
from columns_of_board
