"""Times are shown in the reader's own zone."""

from django.utils import timezone

from accounts import zones


def local_time(get_response):
    """Activate the signed-in person's time zone for this request; visitors see UTC."""

    def middleware(request):
        if request.user.is_authenticated:
            timezone.activate(zones.zone(request.user.time_zone))
        else:
            timezone.deactivate()
        return get_response(request)

    return middleware
