import { describeKills } from './worker-kills.js';

describeKills('Redis');
