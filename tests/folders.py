"""A small course as files, to load, break and compare. Every name here is fictional."""

from pathlib import Path

COURSE = """\
key: cto
title: Chief Technology Officer
subtitle: From engineer to strategist
language: en-gb
coming: [plan]
promise: You already know the technology.
summary: |
  One paragraph.

  Another one.
audience: Engineers.
prerequisites: Five years of work.
leave_with:
- title: A plan{plan}
  text: Dated *actions*.
roles:
- role: CTO
  looks: outward
  question: How do we build it?
  owns: Reliability
questions:
- ask: "How long: an hour?"
  answer: Yes.
certificate:
  quizzes_percent: 80
  assignments: submitted with no criterion at level 1
  exam_percent: 75
  plan_percent: 70
  plan_checks: 10
competencies:
- key: STR
  title: Strategy
  levels:
  - One.
  - Two.
  - Three.
  - Four.
  - Five.
lessons:
- 1-one
- 2-two
authoring:
  fictional: [Harbourline]
  unit_words: [300, 800]
  lesson_words: [3800, 5500]
"""
SOURCES = """\
- key: R1
  author: Smith
  year: 2003
  title: "The CTO: a history"
  url: https://example.com/cto
  mark: V1
  supports: The laboratories, see https://example.com/labs
  checked: 2026-11-22
- key: R2
  author: Nobody
  year: null
  title: Untitled
  mark: M
"""
TERMS = """\
- key: lead-time
  title: lead time
  definition: From *idea* to use.
"""
LESSON_1 = """\
key: one
title: Lesson one
short_title: One
summary: Why it is worth its time.
outcomes:
- put things in order
pre_questions:
- ask: Why?
  answer: Because.
  unit: first
outline: []
"""
LESSON_2 = """\
key: two
title: Lesson two
short_title: Two
summary: Still to come.
outcomes:
- wait
pre_questions: []
outline:
- A section
"""
FIRST = """\
---
key: first
title: The first
minutes: 5
lede: A lede.
outcome: You can read.
required: true
competencies: [STR]
sources: [R1]
terms: [lead-time]
---

Some **lead time** of text [R1].

## A heading

::: check "L1-c1"
What?

- [x] This. — *Right.*
- [ ] That. — *No.*
:::
"""
SECOND = """\
---
key: second
title: The second
minutes: 3
lede: Another lede.
outcome: You can read on.
required: false
competencies: []
sources: []
terms: []
---

More text.
"""
THIRD = SECOND.replace("second", "third")
QUIZ = """\
key: check
title: Check what stayed
minutes: 20
intro: Five questions.
pass_percent: 82.5
attempts_allowed: null
cool_down_minutes: 0
time_limit_minutes: null
keep: best
feedback: after_close
one_page: false
slots:
- {questions: [Q1.02, Q1.03]}
- {pick: 2, questions: [Q1.01, Q1.04, Q1.05, Q1.06]}
questions:
- id: Q1.01
  type: single
  competency: STR
  bloom: remember
  sources: [R1]
  unit: first
  stem: What is *it*?
  choices:
  - text: This
    score: 1
    feedback: Right.
  - text: That
    score: 0
    misconception: swap
    feedback: Not that.
- id: Q1.02
  type: multiple
  competency: STR
  bloom: understand
  sources: []
  unit: first
  credit: right_minus_wrong
  stem: Which ones?
  choices:
  - text: One
    score: 1
    feedback: Yes.
  - text: Two
    score: 1
    feedback: Yes, too.
  - text: Three
    score: 0
    misconception: guess
    feedback: No.
- id: Q1.03
  type: scenario
  competency: STR
  bloom: evaluate
  sources: []
  stem: |
    It is Tuesday.

    What do you do?
  choices:
  - text: Best
    score: 2
    feedback: Best.
  - text: Fair
    score: 1
    feedback: Fair.
  - text: Bad
    score: 0
    misconception: haste
    feedback: Bad.
- id: Q1.04
  type: numeric
  competency: STR
  bloom: apply
  sources: []
  unit: first
  stem: Over {years} years, {features} features, {months} months, €{margin}k, for €{investment}k?
  formula: net_over_years
  parameters:
    years: 3
    features: {min: 3, max: 5, step: 1}
    months: {min: 2, max: 3, step: 0.5}
    margin: {min: 80, max: 120, step: 10}
    investment: {min: 900, max: 1300, step: 50}
  tolerance: {percent: 0.5}
  answer_unit: €k
  solution: |
    Gain: {years} × {features}

    **{answer}**
  feedback:
    right: Right.
    wrong: Work in steps.
  mistakes:
  - formula: gain_over_years
    misconception: forgets the bill
    feedback: Before the bill.
- id: Q1.05
  type: matching
  competency: STR
  bloom: apply
  sources: []
  unit: second
  stem: Match them.
  misconception: swap
  pairs:
  - left: A
    right: alpha
    feedback: A is alpha.
  - left: B
    right: beta
    feedback: B is beta.
  - left: C
    right: gamma
    feedback: C is gamma.
  extras:
  - right: delta
    misconception: one too many
    feedback: Delta is nobody's.
- id: Q1.06
  type: ordering
  competency: STR
  bloom: understand
  sources: []
  unit: second
  credit: neighbours
  stem: Order them.
  misconception: backwards
  items:
  - text: First
    feedback: At the start.
  - text: Then
    feedback: In the middle.
  - text: Last
    feedback: At the end.
"""
#: The same six questions as the pool of an exam, which not every course has.
EXAM = "questions:\n" + "".join(
    line.replace("Q1.", "E.STR.")
    for line in QUIZ.partition("\nquestions:\n")[2].splitlines(keepends=True)
    if not line.startswith("  unit:")
)
#: An assignment, which not every lesson has.
ASSIGNMENT = """\
---
key: assignment
title: A page of your own
minutes: 45
lede: Write the page.
outcome: You have a page.
competencies: [STR]
sources: [R1]
length: "Two pages: 700 *words* at the most."
criteria:
- title: Clarity
  levels:
  - Unclear.
  - Half clear.
  - Clear.
  - Clear and *short*.
- title: Figures
  levels:
  - None.
  - Some.
  - All.
  - All, with their sources.
---

## The task

Write it [R1].

### Parts

1. One.
2. Two.

## A model answer

### Parts

| Part | Hours |
|---|---|
| One | 4 |

```
## Not a heading
```

## A weak answer

> A slogan.
"""
FILES = {
    "course.yaml": COURSE,
    "sources.yaml": SOURCES,
    "terms.yaml": TERMS,
    "1-one/lesson.yaml": LESSON_1,
    "1-one/1-first.md": FIRST,
    "1-one/2-second.md": SECOND,
    "1-one/quiz.yaml": QUIZ,
    "2-two/lesson.yaml": LESSON_2,
    "2-two/1-third.md": THIRD,
}


def write(folder: Path, files: dict[str, str | None] | None = None) -> Path:
    """Write the course, with some of its files other than usual; None leaves one out."""
    for path, text in (FILES | (files or {})).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.write_text(text)
    return folder


def change(folder: Path, path: str, old: str, new: str) -> None:
    """Change one place of one file; the place must be there once."""
    text = (folder / path).read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    (folder / path).write_text(text.replace(old, new))


def read(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
