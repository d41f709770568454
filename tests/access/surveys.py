"""What the access matrix says of surveys."""

from __future__ import annotations

from tests.access.table import Rule, Thing, Things
from tests.access.world import World


async def to_answer(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"survey": s.id}, s.asked) for name, s in world.surveys.items()}


async def to_handle(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"survey": s.id}, s.handled) for name, s in world.surveys.items()}


async def questions(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"survey": s.id, "question": s.question}, s.handled) for name, s in world.surveys.items()}


async def texts(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"survey": s.id, "code": "de"}, s.handled) for name, s in world.surveys.items()}


async def files(world: World, member: str) -> dict[str, Thing]:
    """Whoever sent a file gets it back, and those who handle the survey."""
    return {
        f"{name} {who}": Thing({"survey": s.id, "answer": answer}, s.handled | {who})
        for name, s in world.surveys.items()
        for who, answer in s.answers.items()
    }


def opened(things: Things) -> Things:
    """Without the draft, with which the deed would do something, or which has nothing to show yet."""

    async def given(world: World, member: str) -> dict[str, Thing]:
        return {name: thing for name, thing in (await things(world, member)).items() if name != "writing"}

    return given


ONE = "/surveys/{survey:int}"
QUESTION = ONE + "/questions/{question:int}"


def matrix(signed_in: frozenset[str], staff: frozenset[str]) -> dict[tuple[str, str], Rule]:
    """The rules of the plugin's routes."""
    return {
        ("GET", "/surveys"): Rule(signed_in),
        ("GET", "/surveys/mine"): Rule(staff),
        ("GET", "/surveys/new"): Rule(staff),
        ("POST", "/surveys/new"): Rule(staff, body={"token": "matrix"}),
        ("GET", f"{ONE}/answer"): Rule(things=to_answer),
        ("POST", f"{ONE}/answer"): Rule(things=to_answer, body={"fingerprint": "old"}),
        ("POST", f"{ONE}/draft"): Rule(things=to_answer),
        ("GET", f"{ONE}/edit"): Rule(things=to_handle),
        ("POST", f"{ONE}/edit"): Rule(things=to_handle, body={"title": "x" * 2000}),
        ("GET", f"{ONE}/questions"): Rule(things=to_handle),
        ("GET", f"{ONE}/questions/new"): Rule(things=to_handle),
        ("POST", f"{ONE}/questions/new"): Rule(things=to_handle, body={"kind": "choice"}),
        ("GET", QUESTION): Rule(things=questions),
        ("POST", QUESTION): Rule(things=questions),
        ("POST", f"{QUESTION}/move"): Rule(things=questions, body={"up": "1"}),
        ("POST", f"{QUESTION}/remove"): Rule(things=opened(questions)),
        ("POST", f"{QUESTION}/put-back"): Rule(things=questions),
        ("POST", f"{QUESTION}/mark"): Rule(things=questions, body={"area": "nothing"}),
        ("GET", f"{ONE}/texts/{{code:str}}"): Rule(things=texts),
        ("POST", f"{ONE}/texts/{{code:str}}"): Rule(things=texts),
        ("GET", f"{ONE}/preview"): Rule(things=to_handle),
        ("GET", f"{ONE}/results"): Rule(things=opened(to_handle)),
        ("GET", f"{ONE}/results.csv"): Rule(things=opened(to_handle)),
        ("GET", f"{ONE}/files/{{answer:int}}"): Rule(things=files),
        ("POST", f"{ONE}/open"): Rule(things=to_handle),
        ("POST", f"{ONE}/close"): Rule(things=to_handle),
        ("POST", f"{ONE}/reopen"): Rule(things=to_handle),
        ("POST", f"{ONE}/remind"): Rule(things=to_handle),
        ("POST", f"{ONE}/erase"): Rule(things=to_handle),
    }
