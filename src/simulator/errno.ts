/** errnos that the simulated calls return, by name (include/uapi/asm-generic/errno*.h). */
export const ERRNOS = [
  'EAGAIN',
  'EBADF',
  'EBUSY',
  'EEXIST',
  'EFAULT',
  'EFBIG',
  'EHWPOISON',
  'EINTR',
  'EINVAL',
  'EIO',
  'ENOENT',
  'ENOMEM',
  'ENOTTY',
  'EOPNOTSUPP',
] as const;

export type Errno = (typeof ERRNOS)[number];

/** Result of a scenario's system call. */
export type Result = 'ok' | Errno;
