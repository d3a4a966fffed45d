package org.dti4j.train;

import java.util.ArrayList;
import java.util.List;

/** Remembers what a run reported. */
final class Recorder implements TrainListener {
    final List<Diverged> diverged = new ArrayList<>();
    final List<StepReport> steps = new ArrayList<>();
    final List<ValidationReport> validations = new ArrayList<>();

    @Override
    public void onStep(StepReport report) {
        steps.add(report);
    }

    @Override
    public void onValidation(ValidationReport report) {
        validations.add(report);
    }

    double[] losses() {
        return steps.stream().mapToDouble(StepReport::loss).toArray();
    }

    double[] learningRates() {
        return steps.stream().mapToDouble(StepReport::learningRate).toArray();
    }

    @Override
    public void onDivergence(Diverged moment) {
        diverged.add(moment);
    }
}
