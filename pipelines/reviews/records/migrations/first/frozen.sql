-- What a freeze holds.

create table definition (
    definition_hash text not null,
    metric_id text not null,
    version text not null,
    body json not null,
    rule_text text not null,
    engine_version text not null,
    created_at timestamp not null,
    constraint pk_definition primary key (definition_hash)
);

create table snapshot (
    snapshot_id text not null,
    warehouse_id text not null,
    taken_at timestamp not null,
    taken_by text not null,
    purpose text not null,
    data_as_of timestamp,
    watermarks json not null,
    filters json not null,
    filter_hash text not null,
    engine_version text not null,
    row_count integer not null,
    constraint pk_snapshot primary key (snapshot_id),
    constraint ck_snapshot_purpose check (
        purpose in (
            'meeting', 'plan', 'check', 'sprint_start', 'sprint_close', 'manual'
        )
    ),
    constraint fk_snapshot_taken_by foreign key (taken_by)
    references person (person_id)
    on delete restrict deferrable initially deferred
);

create table target (
    target_id text not null,
    metric_id text not null,
    segment_key text not null,
    shape text not null,
    value double precision,
    direction text not null,
    owner_id text,
    valid_from date not null,
    reason text,
    constraint pk_target primary key (target_id),
    constraint ck_target_shape check (
        shape in ('constant', 'ramp', 'step', 'cumulative', 'table')
    ),
    constraint fk_target_owner_id foreign key (owner_id)
    references person (person_id)
    on delete restrict deferrable initially deferred
);

create table frozen_value (
    snapshot_id text not null,
    metric_id text not null,
    definition_hash text not null,
    segment_key text not null,
    grain text not null,
    period_start date not null,
    period_end date not null,
    n double precision,
    total double precision,
    total_of_squares double precision,
    special json,
    value double precision,
    lo double precision,
    hi double precision,
    state text not null,
    target_value double precision,
    target_id text,
    constraint pk_frozen_value primary key (
        snapshot_id, metric_id, segment_key, grain, period_start
    ),
    constraint ck_frozen_value_state check (
        state in ('ok', 'immature', 'too_few', 'no_data')
    ),
    constraint fk_frozen_value_definition_hash foreign key (definition_hash)
    references definition (definition_hash)
    on delete restrict deferrable initially deferred,
    constraint fk_frozen_value_snapshot_id foreign key (snapshot_id)
    references snapshot (snapshot_id)
    on delete restrict deferrable initially deferred,
    constraint fk_frozen_value_target_id foreign key (target_id)
    references target (target_id)
    on delete restrict deferrable initially deferred
);
