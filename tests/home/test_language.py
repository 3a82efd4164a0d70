"""The choice of language leads back to where it was made and to nowhere else."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("target", ["/help", "/tasks?state=due&after=x", "/"])
def test_it_goes_back_to_a_page_of_this_service(client: FlaskClient, target: str) -> None:
    answer = client.get("/language", query_string={"lang": "en", "next": target})
    assert (answer.status_code, answer.location) == (302, target)
    with client.session_transaction() as session:
        assert session["language"] == "en"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: b=c",
        "help",
    ],
)
def test_it_leads_nobody_away(client: FlaskClient, target: str) -> None:
    answer = client.get("/language", query_string={"lang": "en", "next": target})
    assert (answer.status_code, answer.location) == (302, "/")


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    assert client.get("/language?lang=xx").status_code == 302
    with client.session_transaction() as session:
        assert "language" not in session
