package org.dti4j.cli.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** The problems of one configuration, each with its place, told in the order of the file and then of the overrides. */
final class Findings {
    private static final Pattern KEY_AT_START = Pattern.compile("[A-Za-z][\\w-]*(\\.[\\w-]+)*");

    private static final int MOST_TOLD = 50;
    private static final int LONGEST_TOLD = 500;

    private final String file;
    private final Set<Finding> found = new LinkedHashSet<>();
    private final Map<String, Node> places = new HashMap<>();

    private record Finding(boolean override, int line, String text) {}

    Findings(String file) {
        this.file = file;
    }

    /** Remembers where the key with this dotted path stands. */
    void place(String path, Node key) {
        places.put(path, key);
    }

    int count() {
        return found.size();
    }

    /** Notes a problem at a node, or at the whole file if there is none. */
    void add(@Nullable Node at, String sentence) {
        Optional<Mark> mark = Optional.ofNullable(at).flatMap(Node::getStartMark);
        String where = mark.map(YamlTree::location).orElse(file);
        Finding finding = new Finding(
                mark.map(YamlTree::isOverride).orElse(false),
                mark.map(Mark::getLine).orElse(-1),
                where + ": " + shortened(sentence));
        found.add(finding);
    }

    /** Notes the problems that a record found in its components; each begins with the dotted path of a key. */
    void addAll(List<String> sentences, @Nullable Node section) {
        for (String sentence : sentences) {
            Matcher key = KEY_AT_START.matcher(sentence);
            add(key.lookingAt() ? nearest(key.group(), section) : section, sentence);
        }
    }

    private @Nullable Node nearest(String path, @Nullable Node section) {
        String rest = path;
        while (!places.containsKey(rest)) {
            int dot = rest.lastIndexOf('.');
            if (dot < 0) {
                return section;
            }
            rest = rest.substring(0, dot);
        }
        return places.get(rest);
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            List<String> told = found.stream()
                    .sorted(Comparator.comparing(Finding::override).thenComparing(Finding::line))
                    .map(Finding::text)
                    .limit(MOST_TOLD)
                    .collect(Collectors.toCollection(ArrayList::new));
            if (found.size() > MOST_TOLD) {
                told.add("%s: and %d more problems".formatted(file, found.size() - MOST_TOLD));
            }
            throw new UserException(told);
        }
    }

    /** A message is for people, also where a value has a million letters. */
    static String shortened(String sentence) {
        if (sentence.length() <= LONGEST_TOLD) {
            return sentence;
        }
        int half = LONGEST_TOLD / 2;
        return sentence.substring(0, half) + " … " + sentence.substring(sentence.length() - half);
    }
}
