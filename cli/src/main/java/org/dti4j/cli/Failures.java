package org.dti4j.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dti4j.cli.terminal.Console;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user's mistakes from our faults, and says each in its way: the one place that decides the exit status. */
final class Failures {
    private static final List<String> NATIVE_OUT_OF_MEMORY =
            List.of("can't allocate memory", "not enough memory", "out of memory", "Out of Memory Error");

    private final Console console;

    Failures(Console console) {
        this.console = console;
    }

    /** A command line that does not parse. */
    int misused(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String verb = command.getCommandSpec().qualifiedName();
        if (failure.getCause() instanceof UserException mistake) {
            return mistake(mistake.problems());
        }
        if (failure instanceof UnmatchedArgumentException unmatched && command.getParent() == null) {
            Set<String> verbs = command.getSubcommands().keySet();
            console.err()
                    .println("%s: %s is no verb, must be one of %s"
                            .formatted(verb, unmatched.getUnmatched().get(0), String.join(", ", verbs)));
            return ExitStatus.MISTAKE;
        }
        String.valueOf(failure.getMessage())
                .lines()
                .map(line -> verb + ": " + line)
                .forEach(console.err()::println);
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                console.err().println(verb + ": did you mean " + String.join(" or ", suggestions) + "?");
            }
        }
        console.err().println("See %s --help".formatted(verb));
        return ExitStatus.MISTAKE;
    }

    /** Anything that a verb threw. */
    int failed(Throwable failure, List<String> arguments) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<List<String>> problems = mistakes(cause);
            if (problems.isPresent()) {
                return mistake(problems.get());
            }
        }
        failure.printStackTrace(console.err());
        console.err().println("""

                This is a fault of dti4j's, not yours. Please report it with all of these lines (CONTRIBUTING.md says how).
                command: dti %s
                version: %s""".formatted(String.join(" ", arguments), new Version().getVersion()[0]));
        return ExitStatus.FAULT;
    }

    private int mistake(List<String> problems) {
        problems.forEach(console.err()::println);
        return ExitStatus.MISTAKE;
    }

    /** What the user can do something about, in sentences. */
    private static Optional<List<String>> mistakes(Throwable failure) {
        if (failure instanceof UserException mistake) {
            return Optional.of(mistake.problems());
        }
        if (failure instanceof FileSystemException file) {
            return Optional.of(List.of(sentence(file)));
        }
        if (failure instanceof UncheckedIOException unchecked
                && unchecked.getCause() instanceof FileSystemException file) {
            return Optional.of(List.of(sentence(file)));
        }
        return outOfMemory(failure) ? Optional.of(memory(failure)) : Optional.empty();
    }

    private static boolean outOfMemory(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof OutOfMemoryError
                || NATIVE_OUT_OF_MEMORY.stream().anyMatch(message::contains);
    }

    private static List<String> memory(Throwable failure) {
        long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
        String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return List.of(
                "Out of memory: " + first,
                "The Java heap may take %d MiB, the rest of the machine's memory is for tensors and data."
                        .formatted(mebibytes),
                "Smaller micro-batches need less (--set train.tokensPerMicroBatch=2048); if it is the heap that is too small, "
                        + "DTI_JAVA_OPTIONS=-Xmx8g enlarges it.",
                "A run that was training has saved its state: give the same command with --resume, and with either of these.");
    }

    private static String sentence(FileSystemException failure) {
        String file = String.valueOf(failure.getFile());
        String reason = reason(failure);
        if (failure instanceof NoSuchFileException) {
            return file + ": no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return file + ": permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return file + ": is there already";
        }
        if (failure instanceof NotDirectoryException) {
            return file + ": must be a folder";
        }
        return failure instanceof DirectoryNotEmptyException
                ? file + ": must be an empty folder"
                : file + ": " + reason;
    }

    private static String reason(FileSystemException failure) {
        @Nullable String reason = failure.getReason();
        return reason == null ? "cannot be read or written" : reason;
    }
}
