-- The log, its head, and saves that were answered.

create table event_head (
    head_id integer not null,
    events_count bigint not null,
    last_hash text not null,
    constraint pk_event_head primary key (head_id),
    constraint ck_event_head_one_row check (head_id = 1)
);

create table saved_request (
    idempotency_key text not null,
    result json not null,
    saved_at timestamp not null,
    constraint pk_saved_request primary key (idempotency_key)
);

create table event (
    seq bigint not null,
    event_id text not null,
    at timestamp not null,
    actor_id text not null,
    entity text not null,
    entity_id text not null,
    action text not null,
    from_status text,
    to_status text,
    changes json not null,
    reason text,
    prev_hash text not null,
    event_hash text not null,
    constraint pk_event primary key (seq),
    constraint uq_event_event_id unique (event_id),
    constraint fk_event_actor_id foreign key (actor_id)
    references person (person_id)
    on delete restrict deferrable initially deferred
);
