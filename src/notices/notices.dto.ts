import { ApiProperty } from '@nestjs/swagger';
import { Optional } from '../platform/http/validation/fields.js';
import { Bool } from '../platform/http/validation/values.js';

export class NoticeUpdate {
  @Optional()
  @Bool({ required: false, example: false })
  is_on?: boolean;
}

export class NoticeRead {
  @ApiProperty({ example: 'new_device' }) name!: string;
  @ApiProperty({ example: 'A sign-in on a new device' }) about!: string;
  @ApiProperty({ example: false, description: 'Whether it cannot be turned off' }) is_required!: boolean;
  @ApiProperty({ example: true, description: 'Whether it is sent' }) is_on!: boolean;
}

/** All that owners of accounts can be told of. */
export class OwnNotices {
  @ApiProperty({ type: [NoticeRead] }) notices!: NoticeRead[];
}
