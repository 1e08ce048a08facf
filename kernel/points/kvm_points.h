/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Points of KVM at which a thread can be parked. Each stands before the code of one step of the simulator, and has the
 * label of that step. They are added to a kernel tree by place.ts, and cost a test of one variable while they are off.
 */
#ifndef KVM_POINTS_H
#define KVM_POINTS_H

#include <linux/types.h>

extern int kvm_points_on;

void kvm_points_init(void);
void kvm_point_reached(const char *label, u64 gfn, bool may_sleep);
void kvm_point_flush(void);
bool kvm_point_yields(void);

/* A point where the thread may sleep. */
#define kvm_point(label, gfn) do { if (unlikely(kvm_points_on)) kvm_point_reached(label, gfn, true); } while (0)
/* A point below mmu_lock, where a parked thread spins. */
#define kvm_point_locked(label, gfn) do { if (unlikely(kvm_points_on)) kvm_point_reached(label, gfn, false); } while (0)
/* A point among the declarations at the start of a function. */
#define kvm_point_declared(label, gfn) \
	int __maybe_unused kvm_point_here = ({ kvm_point(label, gfn); 0; })

#endif
