package org.dti4j.cli.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/** A configuration of every kind of value, for the tests of the reader. */
final class Fixtures {
    private Fixtures() {}

    record Garden(Soil soil, Plants plants, @Nullable Path out) {
        public static Garden defaults() {
            return new Garden(Soil.defaults(), Plants.named("herbs"), null);
        }
    }

    enum Kind {
        SANDY_LOAM,
        CLAY
    }

    record Soil(Kind kind, double acidity, boolean watered, Path map, List<String> layers, Depth depth) {
        Soil {
            Problems.in("soil")
                    .require(acidity >= 0 && acidity <= 14, "acidity", acidity, "in [0, 14]")
                    .throwIfAny();
        }

        public static Soil defaults() {
            return new Soil(Kind.CLAY, 7, false, Path.of("map.png"), List.of("top"), new Depth(10, 0));
        }
    }

    record Depth(int centimetres, long seed) {
        Depth {
            Problems.in("soil.depth")
                    .require(centimetres >= 1, "centimetres", centimetres, ">= 1")
                    .throwIfAny();
        }
    }

    record Plants(
            String name, int rows, Count perRow, @Nullable Double spacing, Map<String, Integer> beds) {
        Plants {
            Problems.in("plants").require(rows >= 1, "rows", rows, ">= 1").throwIfAny();
        }

        public static Plants named(String name) {
            return switch (name) {
                case "herbs" -> new Plants(name, 2, new Count(5), null, Map.of());
                case "trees" -> new Plants(name, 1, new Count(1), 400.0, Map.of());
                default -> throw new UserException("plants.name = %s, must be herbs or trees".formatted(name));
            };
        }
    }

    /** Written as a number or as "all". */
    record Count(int number) {
        public static Count parse(String text) {
            if (text.equals("all")) {
                return new Count(Integer.MAX_VALUE);
            }
            try {
                return new Count(Integer.parseInt(text));
            } catch (NumberFormatException e) {
                throw new UserException("plants.perRow = %s, must be a number or all".formatted(text), e);
            }
        }

        @Override
        public String toString() {
            return number == Integer.MAX_VALUE ? "all" : Integer.toString(number);
        }
    }

    static Garden read(String yaml, String... overrides) {
        return ConfigReader.read(
                new ConfigSource("garden.yaml", yaml, Path.of("/farm")), List.of(overrides), Garden.class);
    }
}
