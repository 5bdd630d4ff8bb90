"""Rows that are written once: neither changed nor deleted by anything in Python.

The database itself refuses changes by `database.frozen`; this says so where the mistake is made.
"""

from typing import NoReturn

from django.db import models


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **changes) -> NoReturn:
        refuse(self.model)

    def delete(self) -> NoReturn:
        refuse(self.model)


class AppendOnly(models.Model):
    """A row that can be added, and nothing else."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk:
            refuse(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> NoReturn:
        refuse(type(self))


def refuse(model: type[models.Model]) -> NoReturn:
    raise TypeError(f"{model.__name__} is append-only.")
