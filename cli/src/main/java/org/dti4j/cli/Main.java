package org.dti4j.cli;

import org.dti4j.cli.terminal.Console;

/** Where the process begins and, with the status that the program gave, ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CtrlC ctrlC = new CtrlC(System.err);
        int status;
        try {
            status = new Program(Console.ofProcess(), ctrlC).run(arguments);
        } finally {
            ctrlC.finished();
        }
        System.exit(status);
    }
}
