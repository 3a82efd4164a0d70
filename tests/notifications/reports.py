"""Reports as mail servers write them: Postfix, Exchange, one that returns headers alone."""

FIELDS = {
    "postfix": """\
Reporting-MTA: dns; mx.gov.example
X-Postfix-Queue-ID: 4F1B22C0055
Arrival-Date: Fri,  4 May 2018 09:00:00 +0800 (CST)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.else.example
Diagnostic-Code: smtp; {said}
""",
    "exchange": """\
Reporting-MTA: dns;EX01.gov.example
Received-From-MTA: dns;mx.gov.example

Final-recipient: RFC822;{address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{said}
X-Display-Name: {address}
""",
}


def report(
    ref: str,
    *,
    address: str = "a@else.example",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 <a@else.example>: Recipient address rejected: User unknown",
    style: str = "postfix",
    to: str = "changtong@gov.example",
    only_headers: bool = False,
) -> bytes:
    """A report on our message of that ref (RFC 3464)."""
    fields = FIELDS[style].format(address=address, action=action, status=status, said=said)
    kind = "text/rfc822-headers" if only_headers else "message/rfc822"
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.gov.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F1B22C0055.1525395600/mx.gov.example"
Message-Id: <20180504010000.7C@mx.gov.example>

This is a MIME-encapsulated message.

--4F1B22C0055.1525395600/mx.gov.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4F1B22C0055.1525395600/mx.gov.example
Content-Description: Delivery report
Content-Type: message/delivery-status

{fields}
--4F1B22C0055.1525395600/mx.gov.example
Content-Description: Undelivered Message
Content-Type: {kind}

Message-ID: <{ref}@gov.example>
To: {address}
Subject: =?utf-8?b?5pGY6KaB?=

--4F1B22C0055.1525395600/mx.gov.example--
""".replace("\n", "\r\n").encode()


def complaint(ref: str, *, address: str = "a@else.example") -> bytes:
    """A complaint about our message of that ref, as RFC 5965, B.1 writes it."""
    return f"""\
From: <abusedesk@else.example>
Date: Thu, 8 Mar 2005 17:40:36 EDT
Subject: FW: Earn money
To: <changtong@gov.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.1 on Thu, 8 Mar 2005 14:00:00 EDT.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

Received: from mailserver.example.net (mailserver.example.net [192.0.2.1])
     by else.example with ESMTP id M63d4137594e46;
     Thu, 08 Mar 2005 14:00:00 -0400
From: <changtong@gov.example>
To: <{address}>
Subject: Earn money
Message-ID: <{ref}@gov.example>
Date: Thu, 02 Sep 2004 12:31:03 -0500

Spam Spam Spam
--part1_13d.2e68ed54_boundary--
""".replace("\n", "\r\n").encode()
