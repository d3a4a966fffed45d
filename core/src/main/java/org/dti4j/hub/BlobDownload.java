package org.dti4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.dti4j.file.Checksum;
import org.dti4j.file.DiskFolder;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;

/** Fetches one file of a model into a blob: goes on where an earlier try ended, and believes nothing but the content's hash. */
final class BlobDownload {
    private static final int TRIES = 5;
    private static final int CHUNK = 1 << 16;

    private final HubClient client;
    private final HubCache cache;
    private final HubName name;
    private final Progress.Task progress;

    BlobDownload(HubClient client, HubCache cache, HubName name, Progress.Task progress) {
        this.client = client;
        this.cache = cache;
        this.name = name;
        this.progress = progress;
    }

    /** The blob of a file; it is whole and has the hash that the hub states. */
    Path fetch(String commit, String file) throws IOException, InterruptedException {
        String path = "/%s/resolve/%s/%s".formatted(name.full(), commit, file);
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                return once(path, file);
            } catch (FileSystemException e) {
                throw e; // the disk's, which another try does not change
            } catch (IOException e) {
                last = e; // what came so far stays, and the next try goes on behind it
            }
        }
        throw last;
    }

    private Path once(String path, String file) throws IOException, InterruptedException {
        String hash;
        try (Opened first = open(path, file, 0)) {
            hash = first.hash(file);
            Path blob = cache.blob(name, hash);
            if (Files.exists(blob)) {
                return blob;
            }
            Files.createDirectories(cache.blobs(name));
            Path incomplete = incomplete(blob);
            if (!Files.exists(incomplete)) {
                copy(first, incomplete, 0);
                return finish(incomplete, blob, hash, file);
            }
        }
        return resume(path, file, hash);
    }

    private static Path incomplete(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".incomplete");
    }

    private Path resume(String path, String file, String hash) throws IOException, InterruptedException {
        Path blob = cache.blob(name, hash);
        Path incomplete = incomplete(blob);
        long have = Files.size(incomplete);
        try (Opened rest = open(path, file, have)) {
            if (rest.answer.status() == 416) { // there is nothing behind what we have
                return finish(incomplete, blob, hash, file);
            }
            boolean goesOn = rest.answer.status() == 206 && rest.begins(have);
            copy(rest, incomplete, goesOn ? have : 0);
        }
        return finish(incomplete, blob, hash, file);
    }

    private Opened open(String path, String file, long from) throws IOException, InterruptedException {
        HubClient.Answer answer = client.get(path, from);
        int status = answer.status();
        if (status == 200 || status == 206 || (status == 416 && from > 0)) {
            return new Opened(answer);
        }
        answer.body().close();
        if (status >= 500) {
            throw new IOException("status " + status);
        }
        throw client.refused(name, file, status);
    }

    private void copy(Opened opened, Path incomplete, long from) throws IOException {
        OptionalLong length = opened.answer.headers().firstValueAsLong("Content-Length");
        long usable = Files.getFileStore(cache.blobs(name)).getUsableSpace();
        if (length.orElse(0) > usable) {
            throw new UserException("%s: needs %,d bytes, the disk has %,d left (HF_HUB_CACHE names another folder)"
                    .formatted(incomplete, length.orElse(0), usable));
        }
        try (FileChannel channel = FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(from).position(from);
            byte[] chunk = new byte[CHUNK];
            long received = 0;
            for (int count = opened.body().read(chunk);
                    count >= 0;
                    count = opened.body().read(chunk)) {
                write(channel, ByteBuffer.wrap(chunk, 0, count), incomplete);
                received += count;
                progress.advance(count);
            }
            channel.force(true);
            if (received < length.orElse(0)) {
                throw new IOException(
                        "the connection ended after %d of %d bytes".formatted(received, length.orElse(0)));
            }
        }
    }

    /** A full disk is told as such: its exception looks like one of the connection. */
    private static void write(FileChannel channel, ByteBuffer buffer, Path file) {
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    private Path finish(Path incomplete, Path blob, String hash, String file) throws IOException {
        String found = hash.length() == 64 ? Checksum.of(incomplete) : gitHash(incomplete);
        if (!found.equals(hash)) {
            Files.delete(incomplete); // nothing of it can be trusted
            throw new IOException("%s has the hash %s, the hub states %s".formatted(file, found, hash));
        }
        Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
        DiskFolder.force(cache.blobs(name));
        return blob;
    }

    /** What git calls the content: small files are kept in git itself, and named so. */
    private static String gitHash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update("blob %d\0".formatted(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
            try (InputStream stream = Files.newInputStream(file)) {
                byte[] chunk = new byte[CHUNK];
                for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                    digest.update(chunk, 0, count);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** An answer whose body is closed with it. */
    private record Opened(HubClient.Answer answer) implements AutoCloseable {
        InputStream body() {
            return answer.body();
        }

        /** A hash is a name in the cache: nothing else may become one. */
        String hash(String file) throws IOException {
            if (!answer.etag().matches("[0-9a-f]{64}|[0-9a-f]{40}")) {
                throw new IOException("%s came without a hash to check it by".formatted(file));
            }
            return answer.etag();
        }

        boolean begins(long at) {
            return answer.headers()
                    .firstValue("Content-Range")
                    .filter(range -> range.startsWith("bytes %d-".formatted(at)))
                    .isPresent();
        }

        @Override
        public void close() throws IOException {
            body().close();
        }
    }
}
