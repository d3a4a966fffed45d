package org.dti4j.metric;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * 200 targets by formula with two scorers, whose metrics were computed once by scikit-learn 1.9.1 and NumPy 2.4.6:
 *
 * <pre>
 * import math, numpy as np, sklearn.metrics as S
 * from scipy.stats import norm
 * i = np.arange(200)
 * label = (i * 53 % 97 &lt; 45).astype(int)
 * first = np.round(((i * 37 % 101) / 100 + label * .4) / 1.4, 2)
 * second = np.round(((i * 71 % 89) / 88 + label * .3) / 1.3, 2)
 * def components(s):
 *     x, y = s[label == 1], s[label == 0]
 *     psi = (x[:, None] &gt; y) + .5 * (x[:, None] == y)
 *     return psi.mean(1), psi.mean(0)
 * a, b = components(first), components(second)
 * C = np.cov(a[0], b[0]) / len(a[0]) + np.cov(a[1], b[1]) / len(a[1])
 * d = a[0].mean() - b[0].mean(); se = math.sqrt(C[0, 0] + C[1, 1] - 2 * C[0, 1])
 * print(label.sum(), S.roc_auc_score(label, first), S.roc_auc_score(label, second))
 * print(C[0, 0], C[1, 1], d, se, 2 * norm.sf(abs(d / se)))
 * print(S.log_loss(label, first), S.f1_score(label, first &gt;= .5), S.accuracy_score(label, first &gt;= .5))
 * bin = np.minimum((first * 15).astype(int), 14)
 * print(sum((bin == k).mean() * abs(first[bin == k].mean() - label[bin == k].mean()) for k in set(bin)))
 * </pre>
 */
final class FormulaPredictions {
    private static final int TARGETS = 200;

    private FormulaPredictions() {}

    static Predictions first() {
        return predictions(i -> ((i * 37 % 101) / 100.0 + (label(i) ? 0.4 : 0)) / 1.4);
    }

    static Predictions second() {
        return predictions(i -> ((i * 71 % 89) / 88.0 + (label(i) ? 0.3 : 0)) / 1.3);
    }

    private static boolean label(int target) {
        return target * 53 % 97 < 45;
    }

    private static Predictions predictions(IntToDoubleFunction score) {
        double[] scores = IntStream.range(0, TARGETS)
                .mapToDouble(score)
                .map(value -> Math.rint(value * 100) / 100)
                .toArray();
        boolean[] labels = new boolean[TARGETS];
        for (int target = 0; target < TARGETS; target++) {
            labels[target] = label(target);
        }
        return new Predictions(scores, labels, RandomPredictions.users(TARGETS, 20));
    }
}
