"""RabbitMQ starts, keeps what is durable over a stop, forgets on demand, leaves nothing behind."""

import amqp

from parts.processes import listening, wait_until
from parts.rabbitmq import RabbitMQ


def test_it_comes_and_goes() -> None:
    with RabbitMQ() as broker:
        with amqp.Connection(f"127.0.0.1:{broker.port}") as connection:
            connection.channel().queue_declare("line", durable=True, auto_delete=False)
        assert broker.waiting("line") == broker.waiting("no such line") == 0
        broker.put("line", b"one")
        broker.put("line", b"two")
        wait_until(lambda: broker.waiting("line") == 2)
        assert broker.purge("line") == 2
        assert broker.waiting("line") == 0
        broker.stop()
        assert not listening(broker.port)
        broker.start()
        assert broker.purge("line") == 0  # it is there still
        broker.kill()  # which may cost what was made a moment before
        assert not listening(broker.port)
        broker.start()
        assert broker.waiting("no such line") == 0
        port = broker.port
    assert not listening(port)
