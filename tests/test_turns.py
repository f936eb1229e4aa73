"""Turns at a service: the first alone, then so many at once."""

from __future__ import annotations

from audiocoach.coaching.timeline import Utterance
from audiocoach.making.work import Speak
from audiocoach.routine.voice import Voice
from audiocoach.voice.terms import Terms
from audiocoach.workers.turns import Turns

PAID, FREE = Voice("http", "paid"), Voice("silent")


def turns() -> Turns:
    return Turns(lambda voice: Terms("paid", at_once=2) if voice == PAID else None)


def speak(number: int, voice: Voice = PAID) -> Speak:
    return Speak(f"clip-{number}", Utterance(str(number), voice))


def test_the_first_is_alone_and_two_follow_at_a_time_in_their_order() -> None:
    line = turns()
    jobs = [speak(number) for number in range(5)]
    assert [line.come(job) for job in jobs] == [(jobs[0],), (), (), (), ()]
    assert line.leave(jobs[0]) == (jobs[1], jobs[2])
    assert line.leave(jobs[2]) == (jobs[3],)
    assert line.leave(jobs[1]) == (jobs[4],)
    assert line.leave(jobs[3]) == line.leave(jobs[4]) == ()
    assert line.come(jobs[0]) == (jobs[0],)


def test_a_voice_without_terms_waits_for_nobody() -> None:
    line = turns()
    jobs = [speak(number, FREE) for number in range(3)]
    assert [line.come(job) for job in jobs] == [(job,) for job in jobs]
    assert line.leave(jobs[0]) == ()


def test_turns_are_those_of_who_speaks() -> None:
    line = Turns(lambda voice: Terms("paid", at_once=2) if voice == PAID else None, lambda _: PAID)
    jobs = [speak(number, FREE) for number in range(2)]
    assert [line.come(job) for job in jobs] == [(jobs[0],), ()]
    assert line.leave(jobs[0]) == (jobs[1],)
