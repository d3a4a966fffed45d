package org.dti4j.distribute;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Those who came to rank 0 and were admitted. */
final class Guests implements AutoCloseable {
    /** Milliseconds for somebody who has connected to say who he is; others wait meanwhile. */
    private static final int PATIENCE = 5_000;

    private record Guest(Socket socket, InetSocketAddress listensAt) {}

    private final int size;
    private final SortedMap<Integer, Guest> admitted = new TreeMap<>();

    /** @param size peers, rank 0 included */
    Guests(int size) {
        this.size = size;
    }

    boolean complete() {
        return admitted.size() == size - 1;
    }

    String missing() {
        return IntStream.range(1, size)
                .filter(rank -> !admitted.containsKey(rank))
                .mapToObj(rank -> "rank " + rank)
                .collect(Collectors.joining(", "));
    }

    /** Admits a peer, refuses one of another run, and hangs up on strangers. */
    void admit(Socket socket, String fingerprint) throws IOException {
        try {
            socket.setSoTimeout(PATIENCE);
            Hello hello = Hello.read(new DataInputStream(socket.getInputStream()));
            String refusal = refusal(hello, fingerprint);
            if (refusal.isEmpty()) {
                Guest before = admitted.put(
                        hello.rank(), new Guest(socket, new InetSocketAddress(socket.getInetAddress(), hello.port())));
                if (before != null) {
                    before.socket.close(); // started again
                }
                return;
            }
            Hello.Answer.refuse(new DataOutputStream(socket.getOutputStream()), refusal);
        } catch (IOException | IllegalArgumentException e) {
            // a stranger, or one who has left again
        }
        socket.close();
    }

    private String refusal(Hello hello, String fingerprint) {
        if (hello.size() != size) {
            return "nodes = %d, must be %d, as rank 0 has it".formatted(hello.size(), size);
        }
        if (hello.rank() < 1 || hello.rank() >= size) {
            return "rank = %d, must be from 1 to %d: rank 0 is there already".formatted(hello.rank(), size - 1);
        }
        return hello.fingerprint().equals(fingerprint)
                ? ""
                : "rank %d: its run is not that of rank 0, must have the same configuration and the same prepared data"
                        .formatted(hello.rank());
    }

    /** Where the peer after rank 0 listens. */
    InetSocketAddress next() {
        return listensAt(1);
    }

    private InetSocketAddress listensAt(int rank) {
        Guest guest = admitted.get(rank);
        if (guest == null) {
            throw new IllegalStateException("rank %d was not admitted".formatted(rank));
        }
        return guest.listensAt;
    }

    /** Tells each of them where the one after it listens; that of the last is rank 0. */
    void introduce(ServerSocket first, Secret secret) throws IOException {
        for (int rank = 1; rank < size; rank++) {
            Guest guest = admitted.get(rank);
            if (guest != null) {
                InetSocketAddress next = rank == size - 1
                        ? new InetSocketAddress(guest.socket.getLocalAddress(), first.getLocalPort())
                        : listensAt(rank + 1);
                new Hello.Answer(next, secret).write(new DataOutputStream(guest.socket.getOutputStream()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        List<Guest> all = new ArrayList<>(admitted.values());
        for (Guest guest : all) {
            guest.socket.close();
        }
    }
}
