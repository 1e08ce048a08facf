/** The labels of the simulator that have no point, and why. */

export interface WithoutPoint {
  readonly why: string;
  readonly labels: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const WITHOUT_POINT: readonly WithoutPoint[] = [
  {
    why: 'The step checks arguments, calls the next procedure or returns. Suspend the call at the next label that has a point',
    labels: words(`
      CG1 CG2 CR1 CR2 CR3 DV1 CV1 T1 T2 T3 T4 T4r T12 PF2 PF2c PF6 FL1 FL2 FL5 TR1 I2 I2l I2r
      MR4 MR4p MR5 MR14 MR15 MR16 MR19e MR19b MR22 BP1 BP1v BP1h BP2 BP3 BC3 U1 D7 M2e M2b M2f M4 AP1 AP2
      VR1 VR5 VR6 VR6r VR7 NP1 NP3 NP12 G7d`),
  },
  {
    why: 'The step is one of the VMM, not of the kernel',
    labels: words('UM1 UM4 UM4u HA1 HA2 VM1 VM2 SV1 VR4m'),
  },
  {
    why: 'The step is in the memory management or the file system of Linux, in code that all processes use',
    labels: words(`
      HM1 HM2 HM3r HM4 HM4p HM4e HM4r MA1 MA2 MA3 MD2n MD2p MD2e MD2r TI0 TI1 TI1w TI2 TI3 CL1 CL1r CL4 CL5
      MF1 MF2 MF3 MF4 E1 E2 E4 E5 FL4r HW1 HW2 HW4`),
  },
  {
    why: 'The thread does its task work on the way to userspace; the release of a file has points (R1 to R6)',
    labels: words('TW1 TW2 TW3 FL4w UM3w PF5w VR5u VR5w VR5e VR6w'),
  },
  {
    why: 'The step undoes a change that failed, which needs a failure that cannot be provoked',
    labels: words('MR19f MR21 M5 M6 M7'),
  },
  { why: 'The vCPU is about to enter the guest, with interrupts disabled', labels: ['VR3'] },
  {
    why: 'The vCPU has left the guest, for whatever reason; NP4 is the first step of a fault',
    labels: ['VR4x'],
  },
  { why: 'KVM emulates the access, in the middle of an instruction', labels: ['VR5a'] },
  { why: 'The wait is inside synchronize_srcu()', labels: ['SW2w'] },
  {
    why: 'The teardown of roots drops mmu_lock there only if its time slice is over or another thread waits, and no point forces it to',
    labels: words('Z6y Z6z'),
  },
  {
    why: 'The step belongs to a historical kernel or a knob, or to a branch that these two kernels do not take',
    labels: words('A3p A3m A3u I1a I2w I4a I4r I4n MR4r BP1r D3k NP6c PF4b PF4d PF4r'),
  },
  {
    why: 'The step needs SEV-SNP or TDX, which the emulation lacks',
    labels: words(`
      NP0 NP11 G7b SP2 SP3 SP4 SP5 SP6 SP7 SI1 SI2 SI3 SI4 RU2 RU3 RF1 RF2 RF3 RF3e RF4 RF5 RF6 RF6l RF7 RF8
      ZG1 ZG2 ZG3 L0 L1 L2 L3 L4 L6 L6w L5 L7 PO3 PO4 PO6 PO6a PO6b PO6g PO6c PO6e LC1 LC2 LC3 LC4 LC5 PO6f
      LC6 LC6s PO7e PO7 LF1 LF2 LF3 LF4 LF6 PS1 PS1g PS2 PS3 PS4 PS5 MG1 MG2 MG3 MG4 MG5 MG7 BU1 BU2 BS1 BS2
      RR1 RR2`),
  },
  {
    why: 'A conversion that the guest requests is one statement of the guest program, with two runs of the vCPU',
    labels: words('HC1 HC2 HC3 HC4'),
  },
];
