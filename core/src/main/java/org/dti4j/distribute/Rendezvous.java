package org.dti4j.distribute;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;

/**
 * Where and how peers meet: rank 0 listens at an address, the others come to it, show that they are of the same run, and are told who the
 * peer after them is. Each peer listens on one address only: rank 0 on the given one, the others on that from which they reached it. Nothing
 * is encrypted, so the network between them must be trusted, as with torchrun.
 *
 * @param rank from 0 to {@code size - 1}
 * @param size number of peers
 * @param host of rank 0
 * @param port of rank 0
 * @param gathering how long to wait for all to be there
 * @param patience how long a peer may be silent; one that lives says so four times as often
 */
public record Rendezvous(int rank, int size, String host, int port, Duration gathering, Duration patience) {
    private static final int MOST_PEERS = 4096;

    public Rendezvous {
        Problems.in("rendezvous")
                .require(size >= 1 && size <= MOST_PEERS, "nodes", size, "from 1 to " + MOST_PEERS)
                .require(rank >= 0 && rank < size, "rank", rank, "from 0 to one less than the number of nodes")
                .require(port >= 0 && port < 65536, "port", port, "from 0 to 65535")
                .require(!host.isBlank(), "host", host, "a name or an address")
                .throwIfAny();
    }

    /** Waits ten minutes for all, and a minute for a silent one. */
    public static Rendezvous at(int rank, int size, String host, int port) {
        return new Rendezvous(rank, size, host, port, Duration.ofMinutes(10), Duration.ofMinutes(1));
    }

    /**
     * Meets the others.
     *
     * @param fingerprint what all must agree on, such as a hash of the configuration
     * @param clock nanoseconds from any origin
     * @param interruption asked while waiting; once it says true, the wait ends
     * @throws UserException if they do not come, if one of them is of another run, or if the address cannot be had
     */
    public Peers meet(String fingerprint, LongSupplier clock, BooleanSupplier interruption) {
        if (size == 1) {
            return Peers.ALONE;
        }
        if (rank > 0) {
            return join(fingerprint, new Deadline(clock, gathering, interruption));
        }
        try (ServerSocket listening = listen()) {
            return gather(listening, fingerprint, clock, interruption);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Opens rank 0's port before anybody knows it.
     *
     * @return bound; port 0 finds a free one
     */
    public ServerSocket listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true); // after a crash the port is not held back
            socket.bind(new InetSocketAddress(address(), port), size);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private InetAddress address() throws UnknownHostException {
        return InetAddress.getByName(host);
    }

    /** Meets the others as rank 0, at a port that {@link #listen} opened; the caller closes it. */
    public Peers gather(ServerSocket listening, String fingerprint, LongSupplier clock, BooleanSupplier interruption) {
        Deadline deadline = new Deadline(clock, gathering, interruption);
        try (Guests guests = new Guests(size)) {
            while (!guests.complete()) {
                guests.admit(accept(listening, deadline, guests.missing()), fingerprint);
            }
            Secret secret = Secret.draw();
            guests.introduce(listening, secret);
            return ring(listening, guests.next(), secret, deadline);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private Peers join(String fingerprint, Deadline deadline) {
        try (Socket first = connect(deadline);
                ServerSocket listening = new ServerSocket(0, 1, first.getLocalAddress())) {
            new Hello(rank, size, listening.getLocalPort(), fingerprint)
                    .write(new DataOutputStream(first.getOutputStream()));
            Hello.Answer answer = Hello.Answer.read(answer(first, deadline));
            return ring(listening, answer.next(), answer.secret(), deadline);
        } catch (SocketTimeoutException e) {
            throw new UserException(
                    "rank %d: not all of the %d nodes came to %s:%d within %d s"
                            .formatted(rank, size, host, port, gathering.toSeconds()),
                    e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Rank 0 answers when all are there. */
    private static DataInputStream answer(Socket first, Deadline deadline) throws IOException {
        PushbackInputStream in = new PushbackInputStream(first.getInputStream());
        first.setSoTimeout(deadline.slice());
        while (true) {
            try {
                int begin = in.read();
                if (begin >= 0) {
                    in.unread(begin);
                }
                first.setSoTimeout(deadline.millis());
                return new DataInputStream(in);
            } catch (SocketTimeoutException e) {
                if (deadline.passed()) {
                    throw e;
                }
            }
        }
    }

    /** Rank 0 may come later. */
    private Socket connect(Deadline deadline) throws IOException {
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address(), port), deadline.millis());
                return socket;
            } catch (IOException e) {
                socket.close();
                if (deadline.passed()) {
                    throw e;
                }
                deadline.pause();
            }
        }
    }

    private Socket accept(ServerSocket listening, Deadline deadline, String missing) throws IOException {
        while (!deadline.passed()) {
            try {
                listening.setSoTimeout(deadline.slice());
                return listening.accept();
            } catch (SocketTimeoutException e) {
                // nobody yet
            }
        }
        throw new UserException(
                "rank %d waited %d s at %s:%d for %s; start all nodes with the same --nodes and --rendezvous"
                        .formatted(rank, gathering.toSeconds(), host, listening.getLocalPort(), missing));
    }

    /** All connect to the one after them first, and then hear who connects to them: a port that listens need not accept for that. */
    private Peers ring(ServerSocket listening, InetSocketAddress next, Secret secret, Deadline deadline)
            throws IOException {
        Socket out = new Socket();
        try {
            out.connect(next, deadline.millis());
            secret.show(rank, out);
            Socket in = accept(listening, deadline, "the rank before it");
            while (!secret.isShownBy(before(), in)) {
                in.close(); // a stranger
                in = accept(listening, deadline, "the rank before it");
            }
            return new Ring(
                    rank, size, new Link(before(), in, (rank + 1) % size, out, Math.toIntExact(patience.toMillis())));
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    private int before() {
        return (rank + size - 1) % size;
    }

    private UserException failure(IOException e) {
        return new UserException(
                "rank %d: cannot meet the others at %s:%d: %s".formatted(rank, host, port, e.getMessage()), e);
    }
}
