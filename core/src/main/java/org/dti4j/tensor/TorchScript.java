package org.dti4j.tensor;

import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.global.torch;

/** Functions in TorchScript: the way to operations of libtorch that JavaCPP does not map. Made once, for the life of the process. */
public final class TorchScript {
    private final CompilationUnit unit;

    private TorchScript(CompilationUnit unit) {
        this.unit = unit;
    }

    public static TorchScript compile(String source) {
        try (Scope scope = Scope.open()) {
            return new TorchScript(scope.own(torch.compile(source)));
        }
    }

    /** A function of the source; it belongs to this object. */
    public Function function(String name) {
        try (Scope scope = Scope.open()) {
            return unit.find_function(new QualifiedName(name));
        }
    }
}
