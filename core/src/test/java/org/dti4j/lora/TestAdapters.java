package org.dti4j.lora;

import java.util.Collection;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Scope;

/** Adapters as they are after some training. */
public final class TestAdapters {
    private TestAdapters() {}

    /** Draws them by a seed: B begins at zero, and A would not matter at first. */
    public static void draw(Collection<Tensor> parameters) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            torch.manual_seed(3);
            parameters.forEach(parameter -> parameter.normal_(0, 0.1, new GeneratorOptional()));
        }
    }
}
