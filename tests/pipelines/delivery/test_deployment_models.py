"""Which deployments failed, when that was mended, and when a commit reached production."""


def test_only_production_deployments_that_ended_count(deliver, board):
    warehouse = deliver(
        deployments=[
            board.deployment("good", "05-01"),
            board.deployment("bad", "05-02", "failure"),
            board.deployment("cancelled", "05-03", "cancelled"),
            board.deployment("running", "05-04", "running"),
            board.deployment("staging", "05-05") | {"environment_code": "staging"},
        ]
    )
    assert warehouse.rows("select deployment_id, is_failed from marts.deployments order by 1") == [
        ("bad", True),
        ("good", False),
    ]


def test_a_deployment_that_failed_and_caused_two_incidents_failed_once(deliver, board):
    incidents = [
        {"incident_id": key, "opened_at": board.at("05-02"), "status_code": "open",
         "caused_by_deployment_id": "bad"}
        for key in ("one", "two")
    ]  # fmt: skip
    warehouse = deliver(
        deployments=[board.deployment("bad", "05-01", "failure")], incidents=incidents
    )
    assert warehouse.rows("select is_failed, incident_count from marts.deployments") == [(True, 2)]


def test_a_failure_is_mended_by_the_next_good_deployment_of_the_same_service(deliver, board):
    warehouse = deliver(
        deployments=[
            board.deployment("bad", "05-01", "failure"),
            board.deployment("other", "05-02") | {"service_id": "billing"},
            board.deployment("cancelled", "05-03", "cancelled"),
            board.deployment("good", "05-04"),
            board.deployment("better", "05-05"),
        ]
    )
    assert warehouse.rows("select restored_at from marts.deployments where is_failed") == [
        (board.at("05-04"),)
    ]


def test_a_failure_with_an_incident_is_mended_when_the_last_incident_closes(deliver, board):
    def incident(key, resolved):
        return {
            "incident_id": key,
            "opened_at": board.at("05-01"),
            "resolved_at": resolved and board.at(resolved),
            "status_code": "x",
            "caused_by_deployment_id": "bad",
        }

    deployments = [board.deployment("bad", "05-01"), board.deployment("good", "05-02")]
    closed = deliver(
        deployments=deployments, incidents=[incident("a", "05-03"), incident("b", "05-06")]
    )
    query = "select restored_at from marts.deployments where is_failed"
    assert closed.rows(query) == [(board.at("05-06"),)]
    still_open = deliver(
        deployments=deployments, incidents=[incident("a", "05-03"), incident("b", None)]
    )
    assert still_open.rows(query) == [(None,)]


def test_a_deployment_that_caused_an_incident_mends_nothing(deliver, board):
    warehouse = deliver(
        deployments=[
            board.deployment("bad", "05-01", "failure"),
            board.deployment("also bad", "05-02"),
            board.deployment("good", "05-03"),
        ],
        incidents=[
            {"incident_id": "i", "opened_at": board.at("05-02"), "status_code": "open",
             "caused_by_deployment_id": "also bad"}
        ],
    )  # fmt: skip
    assert warehouse.rows(
        "select restored_at from marts.deployments where deployment_id = 'bad'"
    ) == [(board.at("05-03"),)]


def commit(board, sha, when, **more):
    return {
        "commit_sha": sha,
        "repo_id": "shop",
        "authored_at": board.at(when),
        "committed_at": board.at(when),
        **more,
    }


def test_a_commit_is_deployed_with_its_release_else_with_its_sha(deliver, board):
    warehouse = deliver(
        commits=[
            commit(board, "a", "05-01", release_id="r1"),
            commit(board, "b", "05-01"),
            commit(board, "c", "05-01"),
        ],
        deployments=[
            board.deployment("failed", "05-02", "failure", release_id="r1", commit_sha="b"),
            board.deployment("first", "05-03", release_id="r1"),
            board.deployment("second", "05-04", release_id="r1", commit_sha="b"),
        ],
    )
    assert warehouse.rows("select commit_sha, lead_hours from marts.commits order by 1") == [
        ("a", 48.0),
        ("b", 72.0),
        ("c", None),
    ]


def test_a_commit_made_after_its_deployment_has_no_lead_time(deliver, board):
    warehouse = deliver(
        commits=[commit(board, "a", "05-05", release_id="r1")],
        deployments=[board.deployment("first", "05-03", release_id="r1")],
    )
    assert warehouse.rows("select deployed_at, lead_hours from marts.commits") == [
        (board.at("05-03"), None)
    ]


def test_withdrawn_releases_are_left_out(deliver, board):
    def release(key, **more):
        return {
            "release_id": key,
            "product_id": "x",
            "version": key,
            "channel_code": "stable",
            "released_at": board.at("05-01"),
            **more,
        }

    warehouse = deliver(releases=[release("1.0"), release("1.1", is_withdrawn=True)])
    assert warehouse.rows("select release_id from marts.releases") == [("1.0",)]
