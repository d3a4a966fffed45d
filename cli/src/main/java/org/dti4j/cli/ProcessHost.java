package org.dti4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dti4j.run.Host;

/** This process and the machine that it runs on. */
final class ProcessHost implements Host {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final List<Path> CGROUP_LIMITS =
            List.of(Path.of("/sys/fs/cgroup/memory.max"), Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    private static final String UNKNOWN = "unknown";

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long peakResidentBytes() {
        return bytes(line(STATUS, "VmHWM:")) * 1024;
    }

    @Override
    public long memoryBytes() {
        // what others hold is not to be had; what this process holds already is
        long least = (bytes(line(MEMORY, "MemAvailable:")) + bytes(line(STATUS, "VmRSS:"))) * 1024;
        for (Path limit : CGROUP_LIMITS) {
            long bytes = bytes(line(limit, "")); // "max" where there is none
            least = bytes > 0 && (least == 0 || bytes < least) ? bytes : least;
        }
        return least;
    }

    /** The digits of a text; 0 if there are none, or more than a number of bytes has. */
    private static long bytes(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    @Override
    public SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("version", Version.number());
        facts.put("commit", commit());
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put(
                "system",
                Stream.of("os.name", "os.version", "os.arch")
                        .map(System::getProperty)
                        .collect(Collectors.joining(" ")));
        facts.put("processor", line(Path.of("/proc/cpuinfo"), "model name"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", line(MEMORY, "MemTotal:"));
        facts.put("libraries", libraries());
        return facts;
    }

    /** The rest of the first line that begins so, after any colon. */
    private static String line(Path file, String start) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(start))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN; // not Linux
        }
    }

    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> String.valueOf(Path.of(entry).getFileName()))
                .filter(name -> name.endsWith(".jar"))
                .map(name -> name.substring(0, name.length() - ".jar".length()))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** The commit that the sources are at, with a mark if they were changed since. */
    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
                    .directory(Home.folder().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = git.waitFor(10, TimeUnit.SECONDS);
            return ended && git.exitValue() == 0 && !commit.isEmpty() ? commit : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN; // no git
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
