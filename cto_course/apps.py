from django.apps import AppConfig


class CtoCourseConfig(AppConfig):
    name = "cto_course"
    verbose_name = "Course platform"

    def ready(self):
        from cto_course import checks  # noqa: F401 - registers them
