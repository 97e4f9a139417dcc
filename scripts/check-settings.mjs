/** Refuses bad settings, one line for each, before anything is started. The API's modules know those of the worker too. */
import '../dist/src/app.module.js';
import { refuseBadSettings } from '../dist/src/config/settings.js';

refuseBadSettings();
