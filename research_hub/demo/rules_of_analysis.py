"""What must hold in the chapters field.yaml and analysis.yaml: names, words that were said, and days in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from insights.capture.live_log import parse_line
from insights.core.text import canonical_text
from research_hub.demo.names import unknown
from research_hub.demo.records import Board, CodingRound, Comment, LiveLog, Memo, Story


def names_in_analysis(story: Story) -> Iterator[str]:
    """Names that point nowhere; the rest is judged once there are none."""
    members = [member.key for member in story.members]
    for log in story.logs:
        yield from _names_in_log(story, log, members)
    reports = [session.key for session in story.sessions if not session.participants]
    for each in story.readings:
        where = f"analysis.yaml: readings › {each.session}"
        yield from unknown(where, [each.session], reports, "report")
        yield from unknown(f"{where} › by", [each.by], members, "member")
        tags = [tag for offer in each.accepted for tag in offer.tags]
        yield from unknown(f"{where} › tags", tags, [tag.path for tag in story.tags], "tag")
    for coding_round in story.rounds:
        yield from _names_in_round(story, coding_round, members)
    for board in story.boards:
        yield from _names_on_board(story, board, members)
    notes: list[Memo | Comment] = [*story.memos, *story.comments]
    for note in notes:
        yield from _names_in_note(story, note, members)


def words_and_days_of_analysis(story: Story, sources: Path) -> Iterator[str]:
    for log in story.logs:
        where = f"field.yaml: logs › {log.key}"
        yield from _miscut(log, sources, where)
        yield from _mistimed(log, where)
    days = {session.key: session.day for session in story.sessions}
    for each in story.readings:
        if not days[each.session] <= each.day <= 0:
            yield f"analysis.yaml: readings › {each.session} › day: the report was not there yet; move the day"
    for coding_round in story.rounds:
        yield from _round(story, coding_round)
    heard = {highlight.key: days[highlight.session] for highlight in story.highlights}
    for board in story.boards:
        if not max(heard[key] for key in board.highlights) <= board.day <= 0:
            yield f"analysis.yaml: boards › {board.key} › day: not all of its quotes were heard by then; move the day"
    for comment in story.comments:
        yield from _comment(comment)


def _names_in_log(story: Story, log: LiveLog, members: list[str]) -> Iterator[str]:
    where = f"field.yaml: logs › {log.key}"
    codes = [one.code for one in story.participants if one.study == log.study]
    people = [log.moderator, *log.observers, *(line.by for line in log.lines)]
    said_by = [code for line in log.lines if (code := parse_line(line.text).participant)]
    typed = [tag for line in log.lines for tag in parse_line(line.text).tags]
    yield from unknown(f"{where} › study", [log.study], [study.key for study in story.studies], "study")
    yield from unknown(f"{where} › moderator, observers, by", people, members, "member")
    yield from unknown(f"{where} › participants", [*log.participants, *said_by], codes, "participant of the study")
    yield from unknown(f"{where} › lines", typed, [tag.path for tag in story.tags], "tag")


def _names_in_round(story: Story, coding_round: CodingRound, members: list[str]) -> Iterator[str]:
    where = f"analysis.yaml: rounds › {coding_round.key}"
    sessions = [one.key for one in story.sessions if one.study == coding_round.study]
    codings = [coding for layer in coding_round.layers for coding in layer.codings]
    coders = [layer.by for layer in coding_round.layers]
    yield from unknown(f"{where} › study", [coding_round.study], [one.key for one in story.studies], "study")
    yield from unknown(f"{where} › by, coders", [coding_round.by, *coding_round.coders], members, "member")
    yield from unknown(f"{where} › sessions", coding_round.sessions, sessions, "session of the study")
    yield from unknown(f"{where} › tags", coding_round.tags, [one.path for one in story.tags], "tag")
    yield from unknown(f"{where} › layers › by", coders, coding_round.coders, "coder of the round")
    used = [tag for coding in codings for tag in coding.tags]
    yield from unknown(f"{where} › layers › tags", used, coding_round.tags, "tag of the round")
    read = [coding.session for coding in codings]
    yield from unknown(f"{where} › layers › session", read, coding_round.sessions, "session of the round")


def _names_on_board(story: Story, board: Board, members: list[str]) -> Iterator[str]:
    where = f"analysis.yaml: boards › {board.key}"
    sessions = {one.key for one in story.sessions if one.study == board.study}
    quotes = [one.key for one in story.highlights if one.session in sessions]
    clustered = [key for cluster in board.clusters for key in cluster.highlights]
    tags = [tag for cluster in board.clusters if cluster.theme for tag in cluster.theme.tags]
    yield from unknown(f"{where} › study", [board.study], [one.key for one in story.studies], "study")
    yield from unknown(f"{where} › by", [board.by], members, "member")
    yield from unknown(f"{where} › highlights", board.highlights, quotes, "highlight of the study")
    yield from unknown(f"{where} › clusters", clustered, board.highlights, "highlight on the board")
    yield from unknown(f"{where} › theme › tags", tags, [one.path for one in story.tags], "tag")


def _names_in_note(story: Story, note: Memo | Comment, members: list[str]) -> Iterator[str]:
    known = {
        "highlight": [one.key for one in story.highlights],
        "session": [one.key for one in story.sessions],
        "study": [one.key for one in story.studies],
        "tag": [one.path for one in story.tags],
        "insight": [one.key for one in story.insights],
        "decision": [one.key for one in story.decisions],
    }
    where = f"analysis.yaml: {'memos' if isinstance(note, Memo) else 'comments'} › {note.key}"
    people = [note.by]
    if isinstance(note, Comment):
        people += [answer.by for answer in note.answers] + ([note.resolved_by] if note.resolved_by else [])
    yield from unknown(f"{where} › about", [note.about], known[note.kind], note.kind)
    yield from unknown(f"{where} › by", people, members, "member")


def _miscut(log: LiveLog, sources: Path, where: str) -> Iterator[str]:
    if not log.lines:
        return
    try:
        whole = canonical_text((sources / (log.cut_from or "")).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        yield f"{where} › cut_from: {log.cut_from} cannot be read; correct the path below sources/"
        return
    for line in log.lines:
        words = parse_line(line.text).words
        if words not in whole:
            yield f"{where} › lines: “{words[:40]}…” does not stand in {log.cut_from}; copy it from there"


def _mistimed(log: LiveLog, where: str) -> Iterator[str]:
    pauses = [moment for pause in log.pauses for moment in (pause.at, pause.until) if moment is not None]
    if any(times != sorted(set(times)) for times in ([line.at for line in log.lines], pauses)):
        yield f"{where}: lines and pauses stand in the order of their seconds; sort them"
    if log.ended_at is not None and max([0, *pauses, *(line.at for line in log.lines)]) >= log.ended_at:
        yield f"{where} › ended_at: something was typed after the end; move it"
    if log.day > 0 or (log.ended_at is None) != (log.day == 0):
        yield f"{where} › day: a log that is open is of today, one that has ended of a day before; correct the day"
    if any(pause.until is None for pause in log.pauses[:-1]):
        yield f"{where} › pauses: only the last may go on; add until"


def _round(story: Story, coding_round: CodingRound) -> Iterator[str]:
    where = f"analysis.yaml: rounds › {coding_round.key}"
    heard = max(one.day for one in story.sessions if one.key in coding_round.sessions)
    last = 0 if coding_round.ended_day is None else coding_round.ended_day
    days = [heard, coding_round.day, *(layer.day for layer in coding_round.layers), last]
    if days != sorted(days) or last > 0:
        yield f"{where}: is begun, coded and ended in this order, and after its texts were there; correct the days"
    for layer in coding_round.layers:
        for coding in layer.codings:
            if story.texts[coding.session].count(coding.exact) != 1:
                yield f"{where} › “{coding.exact[:40]}…”: does not stand once in its source; copy it from there"


def _comment(comment: Comment) -> Iterator[str]:
    where = f"analysis.yaml: comments › {comment.key}"
    settled = [] if comment.resolved_day is None else [comment.resolved_day]
    days = [comment.day, *(answer.day for answer in comment.answers), *settled]
    if days != sorted(days) or days[-1] > 0:
        yield f"{where}: is said, answered and resolved in this order; correct the days"
    if (comment.resolved_day is None) != (comment.resolved_by is None):
        yield f"{where}: resolved_day and resolved_by come together; add what is missing"
