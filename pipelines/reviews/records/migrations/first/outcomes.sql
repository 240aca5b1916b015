-- The outcome ledger.

create table outcome_link (
    link_id text not null,
    work_item_key text,
    release_id text,
    released_on date,
    exposure_event text,
    metric_id text,
    segment_key text not null,
    expected_direction text,
    expected_effect double precision,
    min_effect double precision,
    confidence double precision,
    rice_impact double precision,
    review_on date,
    cycle_id text,
    locked_at timestamp,
    row_version integer not null,
    constraint pk_outcome_link primary key (link_id),
    constraint ck_outcome_link_confidence check (confidence >= 0 and confidence <= 1),
    constraint ck_outcome_link_expected_direction check (
        expected_direction in ('up', 'down', 'within')
    ),
    constraint fk_outcome_link_cycle_id foreign key (cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred
);

create table outcome_result (
    link_id text not null,
    run_id text not null,
    verdict text not null,
    effect double precision,
    lo double precision,
    hi double precision,
    judged_at timestamp not null,
    constraint pk_outcome_result primary key (link_id, run_id),
    constraint ck_outcome_result_verdict check (
        verdict in (
            'not_ready', 'invalid', 'worse', 'no_useful_effect', 'inconclusive',
            'improved_with_harm', 'improved_guardrail_open', 'improved'
        )
    ),
    constraint fk_outcome_result_link_id foreign key (link_id)
    references outcome_link (link_id)
    on delete restrict deferrable initially deferred
);
