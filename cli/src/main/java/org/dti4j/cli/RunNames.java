package org.dti4j.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dti4j.score.Baseline;

/** Short names for run folders, as tables want them, of which no two are the same. */
final class RunNames {
    private static final Set<String> TAKEN =
            Arrays.stream(Baseline.values()).map(Baseline::title).collect(Collectors.toSet());

    private RunNames() {}

    /**
     * A folder's own name; with as many of its parents as tell it from the others and from the baselines. A folder that is named again gets
     * a number.
     */
    static List<String> of(List<Path> folders) {
        List<Path> paths = folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize())
                .toList();
        Map<Path, String> names = lengthened(paths);
        Set<String> used = new HashSet<>();
        return paths.stream()
                .map(path -> numbered(String.valueOf(names.get(path)), used))
                .toList();
    }

    /** Ends, since whole paths differ from each other and, beginning at the root, from baselines. */
    private static Map<Path, String> lengthened(List<Path> paths) {
        Map<Path, Integer> lengths = new LinkedHashMap<>();
        paths.forEach(path -> lengths.put(path, 1));
        while (true) {
            Map<Path, String> names = new LinkedHashMap<>();
            lengths.forEach((path, length) -> names.put(path, end(path, length)));
            Map<String, Long> times =
                    names.values().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            List<Path> unclear = names.keySet().stream()
                    .filter(path -> isUnclear(String.valueOf(names.get(path)), times))
                    .toList();
            if (unclear.isEmpty()) {
                return names;
            }
            unclear.forEach(path -> lengths.merge(path, 1, Integer::sum));
        }
    }

    private static boolean isUnclear(String name, Map<String, Long> times) {
        return TAKEN.contains(name) || times.getOrDefault(name, 0L) > 1;
    }

    private static String end(Path path, int length) {
        int count = path.getNameCount();
        return length > count
                ? path.toString()
                : path.subpath(count - length, count).toString();
    }

    private static String numbered(String name, Set<String> used) {
        String unused = name;
        for (int number = 2; !used.add(unused); number++) {
            unused = "%s (%d)".formatted(name, number);
        }
        return unused;
    }
}
