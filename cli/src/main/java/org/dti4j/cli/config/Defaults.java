package org.dti4j.cli.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What keys that a file leaves out are. */
final class Defaults {
    private Defaults() {}

    /** The value of the static {@code defaults()} of a record, if it offers one. */
    static Optional<Record> of(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("defaults"))
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getParameterCount() == 0)
                .findFirst()
                .map(method -> (Record) call(() -> method.invoke(null)));
    }

    /**
     * The value of the static {@code named(first)} of a record whose other defaults follow from its first component, if it offers
     * one: the switches of a method follow from its name.
     */
    static Optional<Record> of(Class<?> type, Object first) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("named"))
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getParameterCount() == 1)
                .filter(method -> method.getParameterTypes()[0].isInstance(first))
                .findFirst()
                .map(method -> (Record) call(() -> method.invoke(null, first)));
    }

    /** The value of one component of a record. */
    static @Nullable Object component(Record value, RecordComponent component) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true); // of records that are private to whoever shows them
        return call(() -> accessor.invoke(value));
    }

    private interface Invocation {
        @Nullable
        Object invoke() throws ReflectiveOperationException;
    }

    @SuppressWarnings("NullAway") // whoever calls a nullable component knows that it is one
    private static Object call(Invocation invocation) {
        try {
            return invocation.invoke();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
