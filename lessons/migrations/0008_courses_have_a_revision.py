import uuid

from django.db import migrations, models

from database.revisions import Revise

COURSE = "lessons_course"
OF_LESSON = "course_id FROM lessons_lesson WHERE id = {row}.lesson_id"
OF_UNIT = (
    "lesson.course_id FROM lessons_unit unit JOIN lessons_lesson lesson ON lesson.id = unit.lesson_id"
    " WHERE unit.id = {row}.unit_id"
)


class Migration(migrations.Migration):
    dependencies = [("lessons", "0007_minutes_have_limits")]

    operations = [
        migrations.AddField(
            model_name="course",
            name="revision",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="revision"),
        ),
        Revise(COURSE, of=COURSE),
        Revise("lessons_lesson", of=COURSE, whose="{row}.course_id"),
        Revise("lessons_competency", of=COURSE, whose="{row}.course_id"),
        Revise("lessons_term", of=COURSE, whose="{row}.course_id"),
        Revise("lessons_source", of=COURSE, whose="{row}.course_id"),
        Revise("lessons_unit", of=COURSE, whose=OF_LESSON),
        Revise("lessons_unitversion", of=COURSE, whose=OF_UNIT, when="{row}.state = 'current'"),
    ]
