package org.dti4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * A file of the log, looked into: there, not a folder, not empty.
 *
 * @param key of the configuration that names it, for messages
 * @param path where it is
 * @param gzip whether it is compressed, by its first bytes rather than by its name
 * @param parquet whether it is a Parquet file, by its first bytes
 * @param head its first lines that are not empty; none of a Parquet file
 */
record LogFile(String key, Path path, boolean gzip, boolean parquet, List<String> head) {
    private static final int HEAD_LINES = 20;
    private static final int HEAD_CHARACTERS = 1 << 22;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /**
     * @param key of the configuration, for instance {@code data.items}
     * @throws UserException if there is no such file, or nothing in it
     */
    static LogFile open(String key, Path path) {
        if (Files.isDirectory(path)) {
            throw new UserException("%s = %s, must be a file, not a folder%s".formatted(key, path, filesIn(path)));
        }
        if (!Files.exists(path)) {
            throw new UserException("%s = %s, must be a file that exists".formatted(key, path.toAbsolutePath()));
        }
        try {
            byte[] start = start(path);
            boolean gzip = startsWith(start, GZIP);
            boolean parquet = startsWith(start, PARQUET);
            LogFile bare = new LogFile(key, path, gzip, parquet, List.of());
            LogFile file = new LogFile(key, path, gzip, parquet, parquet ? List.of() : bare.readHead());
            if (!parquet && file.head.isEmpty()) {
                throw new UserException("%s = %s, must have rows, but the file is empty".formatted(key, path));
            }
            return file;
        } catch (IOException e) {
            throw new UserException("%s = %s cannot be read: %s".formatted(key, path, reason(e)), e);
        }
    }

    /** The end of a file that was cut off has no message. */
    static String reason(IOException e) {
        return Objects.requireNonNullElse(e.getMessage(), "it ends too early");
    }

    private static byte[] start(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(PARQUET.length);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static String filesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            String names = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .limit(10)
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? " (it holds no files)" : " (it holds " + names + ")";
        } catch (IOException e) {
            return "";
        }
    }

    /** The text of the file; Latin-1 keeps every byte, so nothing fails on a wrong encoding. */
    BufferedReader reader(Charset charset) throws IOException {
        InputStream in = Files.newInputStream(path);
        try {
            return new BufferedReader(new InputStreamReader(gzip ? new GZIPInputStream(in, 1 << 16) : in, charset));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The number of lines that are not empty. */
    long lines() {
        char[] letters = new char[1 << 16];
        long lines = 0;
        boolean empty = true;
        try (BufferedReader reader = reader(StandardCharsets.ISO_8859_1)) {
            for (int read = reader.read(letters); read >= 0; read = reader.read(letters)) {
                for (int i = 0; i < read; i++) {
                    boolean end = letters[i] == '\n' || letters[i] == '\r';
                    lines += end && !empty ? 1 : 0;
                    empty = end;
                }
            }
        } catch (IOException e) {
            throw wrong("cannot be read: " + reason(e));
        }
        return empty ? lines : lines + 1;
    }

    private List<String> readHead() throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = reader(StandardCharsets.UTF_8)) {
            int characters = 0;
            String line = boundedLine(reader);
            while (line != null && lines.size() < HEAD_LINES && characters < HEAD_CHARACTERS) {
                characters += line.length();
                String text = line.startsWith("\uFEFF") ? line.substring(1) : line;
                if (!text.isEmpty()) {
                    lines.add(text);
                }
                line = boundedLine(reader);
            }
        }
        return lines;
    }

    /** The next line or null; a file that is one endless line, perhaps compressed to nothing, must not fill the memory. */
    private @Nullable String boundedLine(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int letter = reader.read();
        if (letter < 0) {
            return null;
        }
        for (; letter >= 0 && letter != '\n' && letter != '\r'; letter = reader.read()) {
            if (line.length() == HEAD_CHARACTERS) {
                throw wrong("has a line of more than %,d letters, must be a log with a row on each line"
                        .formatted(HEAD_CHARACTERS));
            }
            line.append((char) letter);
        }
        return line.toString(); // of \r\n the second half is an empty line, which is skipped
    }

    String fileName() {
        return String.valueOf(path.getFileName());
    }

    /** The file's name without the ending of compression, in lower case. */
    String plainName() {
        String name = fileName().toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }

    /** A problem of this file: where, what is there, what would be right. */
    UserException wrong(String problem) {
        return new UserException("%s = %s: %s".formatted(key, path, problem));
    }
}
