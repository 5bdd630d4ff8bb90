"""What nobody types and somebody sends: values for any parameter, as the bytes that stand in an address or a body."""

TEXTS = [
    # Numbers that are none, or too large, or written in another way.
    "", " ", "0", "-1", "1", "+1", " 1 ", "1.5", "1,5", "1e5", "1e400", "-1e400", "NaN",
    "Infinity", "0x10", "1_000",
    "²", "١٢٣", "−1", "9" * 12, "9" * 19, "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "9" * 400, "9" * 5000, "1/0", "½",
    # Other types.
    "true", "on", "null", "None", "[]", "{}", "[1, 2]", '{"a": 1}', '"text"', "[[]]", "[" * 3000, '{"a":' * 3000,
    '"\\ud800"', '"\\u0000"', "a,b,c", "1,2,x", "a=b&c=d",
    # Dates and times.
    "2026-13-45", "0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31 23:59:59",
    "2026-03-29 02:30", "24:00", "-1-1-1",
    "2026-11-02T09:30:00+25:00", "10000-01-01",
    # Time zones and languages.
    "Asia/Calcutta", "US/Pacific", "Nowhere/Such", "../UTC", "/etc/localtime", "posixrules",
    "UTC\0", "Europe", "en-gb-x",
    # Letters that break what handles letters.
    "\0", "a\0b", "\r\n", "a\nb", "\x1b[31m", "\x7f", "\u2028", "\u202e", "\ufeff", "\ufffe",
    "\U0010ffff", "ß", "İ", "😀",
    "e\u0301" * 200, "\u0301" * 300, "x" * 300, "x" * 3000, "x" * 70_000, "😀" * 500, " " * 1000,
    # Addresses and languages of others.
    "../../etc/passwd", "..", "/", "//", "\\", "https://elsewhere.example/",
    "//elsewhere.example/", "javascript:alert(1)",
    "http://[", "#", "?", "%", "%00", "%zz", "<script>alert(1)</script>", "' OR 1=1 --",
    "{{ 7*7 }}", "${7*7}", "%s", "{0}",
    "a" * 250 + "@example.com", "a@b", "@", "Name <a@example.com>", "a@example.com\nBcc: b@example.com",
    "00000000-0000-0000-0000-000000000000", "not-a-uuid", "id", "pk", "password", "__class__", "pk__gt", "-pk",
]  # fmt: skip

#: Bytes that are not UTF-8, half characters among them.
BYTES = [b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\xc0\x80", b"\xf5\x80\x80\x80", b"a\x80b", b"\xef\xbf\xbe"]

HOSTILE = [text.encode() for text in TEXTS] + BYTES

#: For the name of a file, and the file: values are short enough for the headers of a part.
FILES = [
    (b"x.gift", b"\xff\xfe\x00"),
    (b"x.gift", b"::Q\\0:: a {=b ~c}"),
    (b"x.gift", b"{" * 5000),
    (b"x.xml", b"<?xml version='1.0'?><!DOCTYPE q [<!ENTITY a 'aaaa'>]><quiz>&a;</quiz>"),
    (b"x.xml", b"<quiz><question type='multichoice'></question></quiz>"),
    (b"x.xml", b"<quiz>" * 3000),
    (b"x.txt", b"What?\nA. One\nB. Two\nANSWER: C\n"),
    (b"", b""),
    (b"../../x\x00.gift", b"x" * 5000),
    (b"\xed\xa0\x80.xml", b"\xed\xa0\x80"),
]

#: Whole bodies with their types, for addresses that read one in some way.
BODIES = [
    (b"", "application/x-www-form-urlencoded"),
    (b"&&&===&=", "application/x-www-form-urlencoded"),
    (b"%", "application/x-www-form-urlencoded"),
    (b"a[b]=1&a[]=2&a.b=3", "application/x-www-form-urlencoded"),
    (b"[]", "application/json"),
    (b"[" * 50_000, "application/json"),
    (b'{"text": {"a": [1]}, "revision": "\\ud800"}', "application/json"),
    (b"\xff\xfe", "application/json"),
    (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    (b"nothing", "multipart/form-data; boundary=x"),
    (b"nothing", "multipart/form-data"),
    (b"nothing", "multipart/form-data; boundary=\xff"),
    (b'--x\r\nContent-Disposition: form-data; name="\x00"\r\n\r\n\x00\r\n--x--\r\n', "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (b"text", "text/plain"),
    (b"<a/>", "application/xml"),
    (b"x", "\0"),
]

#: Headers that some code of ours or of a library reads.
HEADERS = {
    "HTTP_REFERER": ["http://[", "\x00", "http://testserver/\xff", "x" * 5000, "javascript:0", "/a\nb"],
    "HTTP_USER_AGENT": ["", "\x00", "\xff\xfe", "x" * 5000, "Firefox\nLinux"],
    "HTTP_ACCEPT_LANGUAGE": ["*", "x" * 600, "\x00", "en-gb;q=2", ";;;,,,", "zh-hans-\xff"],
    "HTTP_ACCEPT": ["\x00", "application/json", "x/y;q=z", "*/*;" * 500],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_ORIGIN": ["null", "http://[", "\x00"],
    "HTTP_COOKIE": ["theme=\x00", "theme=a; session=\x00; csrftoken=\xff", ";;;===", "messages=" + "x" * 500],
    "HTTP_HOST": ["", "elsewhere.example", "127.0.0.1:99999", "[::1", "a b", "\x00", "127.0.0.1."],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4", "\x00", "x" * 500, "::1, ::2", "1.2.3.4:80"],
    "HTTP_X_FORWARDED_PROTO": ["https"],
    "HTTP_RANGE": ["bytes=0-0", "bytes=x"],
    "HTTP_IF_MODIFIED_SINCE": ["x", "Thu, 01 Jan 0000 00:00:00 GMT", "\x00"],
    "REMOTE_ADDR": ["", "unix:", "::ffff:1.2.3.4", "not an address"],
    "CONTENT_TYPE": ["\x00", "text/html; charset=\xff", ";", "x" * 500],
}  # fmt: skip
