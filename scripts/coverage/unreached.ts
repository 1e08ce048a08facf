/** The steps of the profiles of released kernels that no scenario of the examples and the documents reaches, and why. */

export interface Unreached {
  readonly kernel: string;
  readonly procedure: string;
  readonly labels: readonly string[];
  /** A sentence. */
  readonly reason: string;
}

export const UNREACHED: readonly Unreached[] = [
  {
    kernel: 'linux-6.12',
    procedure: 'tdx_map_gpa',
    labels: ['MG1', 'MG2', 'MG3', 'MG4', 'MG5', 'MG7'],
    reason: 'Only TDX guests make this request, and 6.12 does not support TDX.',
  },
  {
    kernel: 'linux-6.12',
    procedure: 'ioctl on a dead VM',
    labels: ['DV1'],
    reason:
      'Only the VM of a TDX guest dies, after an access to a page that the guest has not accepted, and 6.12 does not support TDX.',
  },
];
