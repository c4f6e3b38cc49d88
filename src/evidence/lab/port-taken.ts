import * as z from 'zod';
import { launchFacts } from './launch.ts';

/** The server was started while another program listened on its port. */
export const portTakenHistory = z.strictObject({ launch: launchFacts });
export type PortTakenHistory = z.infer<typeof portTakenHistory>;
