package org.dti4j.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of native memory: every tensor that the current thread makes between opening and closing is freed at closing,
 * unless it was kept. Scopes nest, as try-with-resources does.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor y = x.mul(x).sum();
 *     return scope.keep(y); // the caller's from now on, who closes it or has a scope of its own
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final PointerScope pointers;

    private Scope() {
        this.pointers = Allocations.scope();
    }

    public static Scope open() {
        return new Scope();
    }

    /** Hands a tensor to whoever called: to the enclosing scope if there is one, else to the caller, who must close it. */
    public <P extends Pointer> P keep(P pointer) {
        PointerScope enclosing = enclosing();
        if (enclosing == null) {
            pointer.retainReference();
        } else {
            enclosing.attach(pointer);
        }
        return pointer;
    }

    /** Hands a tensor to an owner that outlives every scope and closes it itself. */
    public <P extends Pointer> P own(P pointer) {
        pointer.retainReference();
        return pointer;
    }

    /** Gives a tensor that was owned ({@link #own}) to the innermost scope, which frees it at its closing. */
    public static <P extends Pointer> P adopt(P pointer) {
        PointerScope innermost = PointerScope.getInnerScope();
        if (innermost == null) {
            throw new IllegalStateException("there is no open scope");
        }
        innermost.attach(pointer);
        pointer.releaseReference();
        return pointer;
    }

    private @Nullable PointerScope enclosing() {
        PointerScope found = null;
        var scopes = PointerScope.getScopeIterator();
        // the iterator runs from the innermost scope outwards
        boolean passed = false;
        while (scopes.hasNext()) {
            PointerScope scope = scopes.next();
            if (passed) {
                found = scope;
                break;
            }
            passed = scope == pointers;
        }
        return found;
    }

    @Override
    public void close() {
        pointers.close();
    }
}
