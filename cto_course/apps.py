from django.apps import AppConfig


class CtoCourseConfig(AppConfig):
    name = "cto_course"
    verbose_name = "Course platform"
