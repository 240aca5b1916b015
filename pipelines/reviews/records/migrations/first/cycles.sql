-- Plan-Do-Check-Act cycles.

create table pdca_cycle (
    cycle_id text not null,
    parent_cycle_id text,
    seq integer not null,
    team_id text not null,
    product_id text,
    title text not null,
    theme text,
    status text not null,
    status_before_hold text,
    problem text,
    root_cause text,
    root_cause_method text,
    hypothesis_change text,
    hypothesis_effect text,
    hypothesis_because text,
    owner_id text,
    sponsor_id text,
    design text not null,
    start_on date,
    due_on date,
    check_not_before date,
    check_due_on date,
    ready_on date,
    looks_used integer not null,
    act_decision text,
    act_rationale text,
    rolled_back_on date,
    standard_link text,
    sustain_on date,
    learning text,
    row_version integer not null,
    constraint pk_pdca_cycle primary key (cycle_id),
    constraint ck_pdca_cycle_act_decision check (
        act_decision in ('standardise', 'keep', 'adjust', 'abandon')
    ),
    constraint ck_pdca_cycle_design check (
        design in (
            'before_after', 'control_series', 'staged_rollout', 'ab_test',
            'qualitative'
        )
    ),
    constraint ck_pdca_cycle_status check (
        status in (
            'draft', 'planned', 'doing', 'checking', 'acting', 'closed', 'cancelled',
            'on_hold'
        )
    ),
    constraint ck_pdca_cycle_status_before_hold check (
        status_before_hold in (
            'draft', 'planned', 'doing', 'checking', 'acting', 'closed', 'cancelled',
            'on_hold'
        )
    ),
    constraint fk_pdca_cycle_owner_id foreign key (owner_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_cycle_parent_cycle_id foreign key (parent_cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_cycle_sponsor_id foreign key (sponsor_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_cycle_team_id foreign key (team_id)
    references team (team_id)
    on delete restrict deferrable initially deferred
);

create table pdca_action (
    action_id text not null,
    cycle_id text not null,
    title text not null,
    owner_id text,
    due_on date,
    status text not null,
    started_on date,
    done_on date,
    scope text,
    deviation text,
    work_item_key text,
    row_version integer not null,
    constraint pk_pdca_action primary key (action_id),
    constraint ck_pdca_action_status check (
        status in ('todo', 'doing', 'done', 'dropped')
    ),
    constraint fk_pdca_action_cycle_id foreign key (cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_action_owner_id foreign key (owner_id)
    references person (person_id)
    on delete restrict deferrable initially deferred
);

create table pdca_metric (
    cycle_id text not null,
    metric_id text not null,
    role text not null,
    direction text not null,
    kind text not null,
    definition_hash text,
    grain text not null,
    filters json not null,
    expected_effect double precision,
    confidence double precision,
    target_value double precision,
    min_effect double precision,
    margin double precision,
    band_lo double precision,
    band_hi double precision,
    lag_periods integer not null,
    min_post_points integer,
    control_metric_id text,
    dropped_at timestamp,
    row_version integer not null,
    constraint pk_pdca_metric primary key (cycle_id, metric_id),
    constraint ck_pdca_metric_confidence check (confidence >= 0 and confidence <= 1),
    constraint ck_pdca_metric_direction check (
        direction in ('up', 'down', 'within')
    ),
    constraint ck_pdca_metric_kind check (
        kind in ('mean', 'proportion', 'count', 'quantile', 'ratio')
    ),
    constraint ck_pdca_metric_role check (
        role in ('primary', 'secondary', 'guard_rail', 'control')
    ),
    constraint fk_pdca_metric_cycle_id foreign key (cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_metric_definition_hash foreign key (definition_hash)
    references definition (definition_hash)
    on delete restrict deferrable initially deferred
);

create unique index one_primary_metric on pdca_metric (cycle_id)
where role = 'primary' and dropped_at is null;

create table pdca_plan (
    cycle_id text not null,
    plan_no integer not null,
    body json not null,
    plan_hash text not null,
    snapshot_id text not null,
    baseline_mean double precision,
    lnpl double precision,
    unpl double precision,
    rho double precision,
    mde80 double precision,
    locked_at timestamp not null,
    locked_by text not null,
    reason text,
    constraint pk_pdca_plan primary key (cycle_id, plan_no),
    constraint fk_pdca_plan_cycle_id foreign key (cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_plan_locked_by foreign key (locked_by)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_plan_snapshot_id foreign key (snapshot_id)
    references snapshot (snapshot_id)
    on delete restrict deferrable initially deferred
);

create table pdca_verdict (
    verdict_id text not null,
    run_id text not null,
    cycle_id text not null,
    machine_verdict text,
    reasons json not null,
    confounders json not null,
    sentence text not null,
    human_verdict text,
    human_reason text,
    signed_by text,
    signed_at timestamp,
    self_signed boolean not null,
    constraint pk_pdca_verdict primary key (verdict_id),
    constraint ck_pdca_verdict_human_verdict check (
        human_verdict in (
            'not_ready', 'invalid', 'worse', 'no_useful_effect', 'inconclusive',
            'improved_with_harm', 'improved_guardrail_open', 'improved'
        )
    ),
    constraint ck_pdca_verdict_machine_verdict check (
        machine_verdict in (
            'not_ready', 'invalid', 'worse', 'no_useful_effect', 'inconclusive',
            'improved_with_harm', 'improved_guardrail_open', 'improved'
        )
    ),
    constraint fk_pdca_verdict_cycle_id foreign key (cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_verdict_signed_by foreign key (signed_by)
    references person (person_id)
    on delete restrict deferrable initially deferred
);

create table pdca_check (
    check_id text not null,
    run_id text not null,
    cycle_id text not null,
    plan_no integer not null,
    metric_id text not null,
    look integer not null,
    run_at timestamp not null,
    snapshot_id text not null,
    post_from date,
    post_to date,
    n_base integer,
    n_post integer,
    mean_base double precision,
    mean_post double precision,
    diff double precision,
    lo double precision,
    hi double precision,
    alpha double precision,
    method text,
    rho double precision,
    n_eff_base double precision,
    n_eff_post double precision,
    xmr_rules json,
    signal_dir text,
    drift_hi double precision,
    drift_excluded boolean,
    target_state text,
    guard_state text,
    constraint pk_pdca_check primary key (check_id),
    constraint uq_pdca_check_run_id_metric_id unique (run_id, metric_id),
    constraint ck_pdca_check_guard_state check (
        guard_state in ('pass', 'fail', 'not_proven')
    ),
    constraint ck_pdca_check_method check (
        method in (
            'mean_difference', 'log_mean_difference', 'rate_ratio', 'newcombe',
            'imported'
        )
    ),
    constraint ck_pdca_check_signal_dir check (
        signal_dir in ('favourable', 'unfavourable', 'both')
    ),
    constraint ck_pdca_check_target_state check (
        target_state in ('reached', 'reached_not_proven', 'missed')
    ),
    constraint fk_pdca_check_cycle_id_plan_no foreign key (cycle_id, plan_no)
    references pdca_plan (cycle_id, plan_no)
    on delete restrict deferrable initially deferred,
    constraint fk_pdca_check_snapshot_id foreign key (snapshot_id)
    references snapshot (snapshot_id)
    on delete restrict deferrable initially deferred
);
