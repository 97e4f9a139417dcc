import { Controller, Get, Param, Put, Res } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../src/platform/http/access/access.js';
import { Immutable } from '../../../src/platform/http/caching/client-cache.js';
import { BodyFile, type SentFile, TakesFile } from '../../../src/platform/http/requests/file-bodies.js';
import { Responds } from '../../../src/platform/http/responses/response-docs.js';

const OCTETS = 'application/octet-stream';

class FileSeen {
  @ApiProperty({ example: 'text/plain' }) type!: string;
  @ApiProperty({ type: 'integer', example: 1 }) bytes!: number;
}

/** A file that is sent, and one that never changes. */
@ApiTags('lab')
@Controller('lab/files')
export class LabFilesController {
  @Put()
  @Public()
  @TakesFile({ bytes: 64 * 1024, mediaType: 'text/*' })
  @Responds({ operation: 'putFile', summary: 'Send a text', type: FileSeen })
  put(@BodyFile() { bytes, type }: SentFile): FileSeen {
    return { type, bytes: bytes.length };
  }

  @Get(':text')
  @Public()
  @Immutable()
  @Responds({ operation: 'getFile', summary: 'Read a text as a file', file: OCTETS })
  read(@Param('text') text: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    reply.type(OCTETS);
    return Buffer.from(text);
  }
}
