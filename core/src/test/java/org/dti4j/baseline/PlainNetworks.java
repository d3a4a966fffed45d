package org.dti4j.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dti4j.tensor.Tensors;

/** The papers' equations for one target, in double and without a library: lists of interactions, loops, nothing padded. */
final class PlainNetworks {
    private final Map<String, double[]> weights = new TreeMap<>();
    private final ItemTable table;
    private final int width;
    private final Examples examples;
    private final int row;

    PlainNetworks(Parameters parameters, ItemTable table, int width, Examples examples, int row) {
        parameters.all().forEach((name, tensor) -> {
            float[] values = Tensors.toFloats(tensor);
            double[] doubles = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                doubles[i] = values[i];
            }
            weights.put(name, doubles);
        });
        this.table = table;
        this.width = width;
        this.examples = examples;
        this.row = row;
    }

    /** Moves every element of one parameter. */
    PlainNetworks shift(String name, double by) {
        weights.computeIfPresent(
                name,
                (key, values) -> Arrays.stream(values).map(value -> value + by).toArray());
        return this;
    }

    double logit(BaselineModel model) {
        return switch (model) {
            case LOGISTIC_REGRESSION -> {
                double[] features = new double[Examples.FEATURES];
                for (int i = 0; i < features.length; i++) {
                    features[i] = examples.features()[row * features.length + i];
                }
                yield linear("linear", features)[0];
            }
            case COLLABORATIVE_FILTER -> {
                double[] w = weights.getOrDefault("weights", new double[0]);
                yield w[0] * examples.features()[row * Examples.FEATURES + 1]
                        + w[1] * 4 * examples.pairs()[row * 2]
                        + w[2] * 4 * examples.pairs()[row * 2 + 1]
                        + weights.getOrDefault("bias", new double[0])[0];
            }
            case DIN -> perceptron(concat(interest(), target()));
            case DCN_V2 -> dcn();
            case SIM -> sim();
            case SASREC -> sasRec();
        };
    }

    private double[] dcn0() {
        List<double[]> context = context();
        double[] mean = new double[width];
        context.forEach(e -> add(mean, e, 1.0 / context.size()));
        return concat(target(), mean);
    }

    private double dcn() {
        double[] x0 = dcn0();
        double[] x = x0;
        for (int layer = 0; layer < 2; layer++) {
            double[] wx = linear("cross" + layer, x);
            double[] next = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                next[i] = x0[i] * wx[i] + x[i];
            }
            x = next;
        }
        double[] h = relu(linear("deep1", relu(linear("deep0", x0))));
        return linear("answer", concat(x, h))[0];
    }

    private double[] interest() {
        double[] t = target();
        double[] sum = new double[width];
        for (double[] e : context()) {
            double[] difference = new double[width];
            double[] product = new double[width];
            for (int i = 0; i < width; i++) {
                difference[i] = e[i] - t[i];
                product[i] = e[i] * t[i];
            }
            double[] hidden = linear("interest0", concat(e, t, difference, product));
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = 1 / (1 + Math.exp(-hidden[i]));
            }
            add(sum, e, linear("interest1", hidden)[0]);
        }
        return sum;
    }

    private double sim() {
        List<double[]> found = new ArrayList<>();
        for (int i = row * examples.found(); i < (row + 1) * examples.found(); i++) {
            if (examples.foundItems()[i] > 0) {
                double[] e = interaction(examples.foundItems()[i], examples.foundFeedback()[i]);
                found.add(concat(e, line("ages.embed", examples.foundAges()[i])));
            }
        }
        List<double[]> parts = new ArrayList<>();
        for (int head = 0; head < 2; head++) {
            double[] query = product("target" + head, target());
            double[] shares = new double[found.size()];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = dot(product("found" + head, found.get(i)), query);
            }
            double[] pooled = new double[2 * width];
            double[] softmax = softmax(shares);
            for (int i = 0; i < shares.length; i++) {
                add(pooled, found.get(i), softmax[i]);
            }
            parts.add(pooled);
        }
        parts.add(interest());
        parts.add(target());
        return perceptron(concat(parts.toArray(double[][]::new)));
    }

    private double sasRec() {
        List<double[]> x = new ArrayList<>();
        List<double[]> context = context();
        for (int i = 0; i < context.size(); i++) {
            double[] state = context.get(i).clone();
            add(state, line("positions.embed", examples.context() - context.size() + i), 1);
            x.add(state);
        }
        for (int layer = 0; layer < 2; layer++) {
            String at = "layer" + layer;
            List<double[]> normed =
                    x.stream().map(each -> norm(at + "before", each)).toList();
            List<double[]> next = new ArrayList<>();
            for (int i = 0; i < x.size(); i++) {
                double[] scores = new double[i + 1];
                for (int j = 0; j <= i; j++) {
                    scores[j] = dot(product(at + "query", normed.get(i)), product(at + "key", normed.get(j)))
                            / Math.sqrt(width);
                }
                double[] shares = softmax(scores);
                double[] state = x.get(i).clone();
                for (int j = 0; j <= i; j++) {
                    add(state, product(at + "value", normed.get(j)), shares[j]);
                }
                double[] fed = linear(at + "outer", relu(linear(at + "inner", norm(at + "between", state))));
                add(state, fed, 1);
                next.add(state);
            }
            x = next;
        }
        double[] last = norm("last", x.get(x.size() - 1));
        return dot(last, target()) + line("biases.embed", examples.targets()[row])[0];
    }

    private double[] target() {
        return item(examples.targets()[row]);
    }

    private List<double[]> context() {
        List<double[]> context = new ArrayList<>();
        for (int i = row * examples.context(); i < (row + 1) * examples.context(); i++) {
            if (examples.items()[i] > 0) {
                context.add(interaction(examples.items()[i], examples.feedback()[i]));
            }
        }
        return context;
    }

    private double[] interaction(int item, int outcome) {
        double[] sum = item(item);
        add(sum, line("feedback.embed", outcome), 1);
        return sum;
    }

    private double[] item(int item) {
        double[] sum = line("items.embed", item);
        add(sum, line("categories.embed", table.categories()[item]), 1);
        return sum;
    }

    private double[] weight(String name) {
        double[] found = weights.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name + " is none of " + weights.keySet());
        }
        return found;
    }

    private double[] line(String name, int line) {
        double[] all = weight(name);
        int length = name.startsWith("biases") ? 1 : width;
        return Arrays.copyOfRange(all, line * length, (line + 1) * length);
    }

    private double[] product(String name, double[] x) {
        double[] matrix = weight(name);
        double[] y = new double[matrix.length / x.length];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += matrix[i * x.length + j] * x[j];
            }
        }
        return y;
    }

    private double[] linear(String name, double[] x) {
        double[] y = product(name + ".weight", x);
        add(y, weight(name + ".bias"), 1);
        return y;
    }

    private double perceptron(double[] input) {
        double[] x = input;
        for (int layer = 0; layer < 2; layer++) {
            x = linear("head" + layer, x);
            double slope = weight("head" + layer + ".slope")[0];
            for (int i = 0; i < x.length; i++) {
                x[i] = x[i] > 0 ? x[i] : slope * x[i];
            }
        }
        return linear("head2", x)[0];
    }

    private double[] norm(String name, double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * weight(name + ".weight")[i] + weight(name + ".bias")[i];
        }
        return y;
    }

    private static double[] softmax(double[] scores) {
        double most = Arrays.stream(scores).max().orElse(0);
        double[] shares = Arrays.stream(scores).map(s -> Math.exp(s - most)).toArray();
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(s -> s / sum).toArray();
    }

    private static double[] relu(double[] x) {
        return Arrays.stream(x).map(v -> Math.max(0, v)).toArray();
    }

    private static void add(double[] to, double[] x, double times) {
        for (int i = 0; i < to.length; i++) {
            to[i] += times * x[i];
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double[] concat(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }
}
