package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.Contender;

/** From the start of this JVM's process to the first result of an empty node. Options: contender, directory, bytes, launched. */
final class ColdStart implements Measurement {

    @Override
    public Figures measure(Options options) throws Exception {
        Contender contender = Measurement.open(options); // left open: closing it is another matter
        contender.submit(Measurement.payload(options)).result();
        return new Figures().put("ms", System.currentTimeMillis() - options.longNumber("launched"));
    }
}
