-- Who takes part.

create table person (
    person_id text not null,
    display_name text,
    email text,
    erased_at timestamp,
    row_version integer not null,
    constraint pk_person primary key (person_id)
);

create table team (
    team_id text not null,
    name text not null,
    timezone text not null,
    solo boolean not null,
    settings json not null,
    row_version integer not null,
    constraint pk_team primary key (team_id)
);

create table membership (
    person_id text not null,
    team_id text not null,
    role text not null,
    valid_from date not null,
    valid_to date,
    row_version integer not null,
    constraint pk_membership primary key (person_id, team_id, role, valid_from),
    constraint ck_membership_role check (
        role in (
            'viewer', 'member', 'product_manager', 'product_owner', 'facilitator',
            'admin'
        )
    ),
    constraint fk_membership_person_id foreign key (person_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_membership_team_id foreign key (team_id)
    references team (team_id)
    on delete restrict deferrable initially deferred
);
