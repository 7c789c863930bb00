package dev.holdfast.testkit.damage;

import java.util.function.IntFunction;

/**
 * Damages of one kind, each with a number.
 *
 * @param weight how often one of this kind is drawn, against the weights of the others
 * @param size how many there are
 * @param step of which every how manieth is done in the long run: 1 for all; else no multiple of 8, so that every bit has its turn
 * @param of makes the one with a number from 0 on
 */
record Family(String name, int weight, int size, int step, IntFunction<Damage> of) {

    Family every(int otherStep) {
        return new Family(name, weight, size, otherStep, of);
    }
}
