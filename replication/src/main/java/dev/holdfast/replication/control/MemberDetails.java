package dev.holdfast.replication.control;

import java.util.List;

/**
 * What a member says of itself; may change with every session.
 *
 * @param name for people; two members that are there at the same time have different ones
 * @param addresses where it is reached, in the order of preference; 1 to {@value #MAX_ADDRESSES}
 * @param zone members of the same zone are expected to fail together; empty if nobody said
 */
public record MemberDetails(String name, List<NodeAddress> addresses, String zone) {

    static final int MAX_ADDRESSES = 8;
    static final int MAX_NAME_LENGTH = 128;

    public MemberDetails {
        Limits.requireText("name", name, MAX_NAME_LENGTH);
        if (!zone.isEmpty()) {
            Limits.requireText("zone", zone, MAX_NAME_LENGTH);
        }
        addresses = List.copyOf(addresses);
        Limits.requireRange("number of addresses", addresses.size(), 1, MAX_ADDRESSES);
    }
}
